package dev.gatehouse.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.expression.value.ExpressionFailure;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxTest {
    /** Far more than the 50 ms of the engine, so that a busy machine does not fail the test. */
    private static final Duration NOT_FOR_EVER = Duration.ofSeconds(5);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while (true) {}",
                "for (;;);",
                "try { while (true); } finally { while (true); }",
                "function f() { try { f() } finally { while (true); } } f()",
                "while (true) { try { while (true); } catch (e) {} }",
                "/(a+)+$/.test('a'.repeat(60) + '!')",
                "'a'.repeat(60).replace(/(a|a)*b/, '')",
                "({toString: function () { for (;;); }}) + ''",
                "`${{toString() { for (;;); }}}`",
                "({get x() { for (;;); }})",
                "({toJSON: function () { for (;;); }})",
                "Promise.resolve().then(function g() { Promise.resolve().then(g) }); 1",
                "Promise.resolve().then(function () { for (;;); }); 1",
                "function g() { Promise.resolve().then(g); Promise.resolve().then(g) } g(); 1",
                "function* g() { for (;;) yield 1 } for (let x of g()); ",
                "Array.from({[Symbol.iterator]() { return {next() { return {done: false} }} }})",
                "[1, 2].sort(function () { for (;;); })",
                "function a() {} function b() { a(); a(); a(); a(); a(); a(); a(); a(); a(); a() }"
                        + "function c() { b(); b(); b(); b(); b(); b(); b(); b(); b(); b() }"
                        + "function d() { c(); c(); c(); c(); c(); c(); c(); c(); c(); c() }"
                        + "function e() { d(); d(); d(); d(); d(); d(); d(); d(); d(); d() }"
                        + "function f() { e(); e(); e(); e(); e(); e(); e(); e(); e(); e() }"
                        + "function g() { f(); f(); f(); f(); f(); f(); f(); f(); f(); f() }"
                        + "function h() { g(); g(); g(); g(); g(); g(); g(); g(); g(); g() } h(); h(); h(); h()",
                "var a = []; while (true) a.push(new Array(1000).join('x') + a.length)"
            })
    void refusesToRunForEver(String source) throws Exception {
        Expression expression = Expression.compile(source);
        long before = System.nanoTime();

        assertThatThrownBy(() -> expression.value(ExchangeFixture.get("/")))
                .isInstanceOfSatisfying(
                        ExpressionFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(ExpressionFailure.Kind.LIMIT));

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(NOT_FOR_EVER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(function f() { f() })()",
                "(function f() { [1].map(f) })()",
                "var o = {toString() { return o + '' }}; o + ''",
                "var a = []; for (var i = 0; i < 3000; i++) a = [a]; JSON.stringify(a)",
                "JSON.parse('['.repeat(100000))",
                "'x'.repeat(1e9)",
                "'x'.padStart(1e9)",
                "'x'.padEnd(1e9)",
                "new Array(1e9).join('x')",
                "Array(4294967295).indexOf(1)",
                "Array.prototype.indexOf.call({length: 1e15}, 1)",
                "Array.from({length: 1e8})",
                "[].concat(new Array(1e9))",
                "Math.max.apply(null, {length: 1e9})",
                "Reflect.apply(Math.max, null, {length: 1e9})",
                "new Array(200000).fill(0)",
                "new Set(new Array(1e9))",
                "[...new Array(1e9)]",
                "new Map(new Array(1e9))",
                "Promise.all(new Array(1e9))",
                "Object.fromEntries(new Array(1e9))",
                "var a = []; for (;;) a.push('x'.repeat(1000000))",
                "var s = 'x'; for (;;) s += s",
                "var s = 'x'; for (var i = 0; i < 28; i++) s += s; s",
                "var s = 'x'; for (var i = 0; i < 28; i++) s += s; s.indexOf('y')",
                "var s = 'x'; for (var i = 0; i < 28; i++) s += s; new String(s).trim()",
                "var s = 'x'; for (var i = 0; i < 28; i++) s += s; 'a'.concat(s)",
                "var s = 'x'; for (var i = 0; i < 28; i++) s += s; /y/.test(s)",
                "var s = 'x'; for (var i = 0; i < 28; i++) s += s; JSON.stringify(s)",
                "var s = 'x'; for (var i = 0; i < 28; i++) s += s; encodeURIComponent(s)",
                "var s = 'x'; for (var i = 0; i < 28; i++) s += s; req.headers['x-a'] = s",
                "var s = 'x'; for (var i = 0; i < 28; i++) s += s; req.url = '/' + s",
                "var s = 'x'; for (var i = 0; i < 28; i++) s += s; res.set('x-a', s)",
                "var s = 'x'; for (var i = 0; i < 28; i++) s += s; res.send(s)",
                "var s = 'x'; for (var i = 0; i < 31; i++) s += s; s.trim()",
                "var s = 'x'; for (var i = 0; i < 40; i++) s += s; s.trim()",
                "var s = 'x'; for (var i = 0; i < 40; i++) s += s; s"
            })
    void refusesUnboundedDepthAndWork(String source) throws Exception {
        Expression expression = Expression.compile(source);
        long before = System.nanoTime();

        assertThatThrownBy(() -> expression.value(ExchangeFixture.get("/"))).isInstanceOf(ExpressionFailure.class);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(NOT_FOR_EVER);
        assertThat(Expression.compile("[1, 2].map(x => x + 1).join()").value(ExchangeFixture.get("/")))
                .isEqualTo("2,3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eval('1')",
                "Function('return 1')()",
                "new Function('return 1')()",
                "setTimeout('1')",
                "(function () {}).constructor('return 1')()",
                "[].constructor.constructor('return 1')()",
                "req.constructor.constructor('return process')()",
                "(() => 1).constructor('return 1')()",
                "consumer.constructor.constructor('return 1')()",
                "(function* () {}).constructor('yield 1')()",
                "Object.getPrototypeOf(function* () {}).constructor('yield 1')()",
                "Reflect.construct(Function, ['return 1'])()",
                "Reflect.apply(Function, null, ['return 1'])()",
                "Function.prototype.constructor('return 1')()",
                "Function.bind(null, 'return 1')()()",
                "req.get.constructor('return 1')()",
                "Object.getPrototypeOf(run).constructor('return 1')()",
                "Packages.java",
                "java.lang.System.exit(1)",
                "importPackage",
                "getClass()",
                "new BigInt(1)",
                "new ArrayBuffer(2e9)",
                "new Proxy({}, {})",
                "With",
                "Script('1')",
                "new Continuation()",
                "req.getClass()",
                "''.getClass()",
                "[].getClass()",
                "req.headers.getClass()"
            })
    void refusesToReachTheHostOrToMakeCode(String source) throws Exception {
        ExchangeFixture exchange = ExchangeFixture.get("/");
        exchange.identify(new dev.gatehouse.exchange.Identity(java.util.Map.of("sub", "alice")));
        Expression expression = Expression.compile(source);

        assertThatThrownBy(() -> expression.value(exchange)).isInstanceOf(ExpressionFailure.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Array.prototype.map = function () { return 'x' }",
                "Object.prototype.polluted = 1",
                "Object.prototype.toString = null",
                "JSON.parse = null",
                "Math.max = null",
                "Function.prototype.x = 1",
                "globalThis.Object.prototype.x = 1",
                "({}).constructor.prototype.x = 1",
                "RegExp.prototype.exec = null",
                "[][Symbol.iterator]().__proto__ = 1; Object.getPrototypeOf([][Symbol.iterator]()).next = null",
                "Object.getPrototypeOf(new Map()[Symbol.iterator]()).next = null",
                "Array.prototype.__defineGetter__('x', run)",
                "Reflect.setPrototypeOf(Array.prototype, {x: 1})",
                "Object.freeze(Array.prototype)",
                "Reflect.defineProperty(Array.prototype, 'map', {value: 1})",
                "Object.defineProperties(Array.prototype, {map: {value: 1}})",
                "Object.getPrototypeOf(req).get = null",
                "Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())).next = null",
                "console.log = 1",
                "run.x = 1",
                "Object.getPrototypeOf(egContext).leak = 1",
                "Object.setPrototypeOf(Array.prototype, {x: 1})",
                "Object.getPrototypeOf('').trim = null",
                "Array.prototype[Symbol.iterator] = null",
                "Symbol.x = 1",
                "delete Array.prototype.map",
                "Object.defineProperty(Array.prototype, 'map', {value: 1})",
                "Promise.prototype.then = 1"
            })
    void refusesToChangeWhatOtherRequestsSee(String source) throws Exception {
        Expression expression = Expression.compile(source);

        assertThatThrownBy(() -> expression.value(ExchangeFixture.get("/"))).isInstanceOf(ExpressionFailure.class);

        assertThat(Expression.compile(
                                "[...[1, 2].map(x => x + ({}).polluted)].join() + typeof leak + typeof ({}).x + JSON.parse('1')")
                        .value(ExchangeFixture.get("/")))
                .isEqualTo("NaN,NaNundefinedundefined1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "var o = {}; o.toString = function () { return 'own' }; o + ''",
                "var o = {toString: () => 'own'}; String(o)",
                "var map = 'own'; map",
                "function F() {} F.prototype.name = 'own'; new F().name",
                "var a = []; a.map = 'own'; a.map",
                "var e = new Error('x'); e.message = 'own'; e.message"
            })
    void allowsOwnPropertiesThatHideBuiltIns(String source) throws Exception {
        assertThat(Expression.compile(source).value(ExchangeFixture.get("/"))).isEqualTo("own");
    }

    @Test
    void servesOtherRequestsAfterARefusal() throws Exception {
        Expression endless = Expression.compile("while (true) {}");
        Expression fine = Expression.compile("[1, 2].join('-')");
        ExchangeFixture exchange = ExchangeFixture.get("/");

        assertThatThrownBy(() -> endless.value(exchange)).isInstanceOf(ExpressionFailure.class);

        assertThat(fine.value(exchange)).isEqualTo("1-2");
    }
}
