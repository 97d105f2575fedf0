package dev.gatehouse.policies.conditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiterString = " ~ ",
            value = {
                "* ~ x ~ true",
                "* ~ .x ~ false",
                "* ~ a/b ~ false",
                "** ~ a.b ~ true",
                "c*.com ~ c1.com ~ true",
                "c*.com ~ C1.com ~ false",
                "c*.com ~ c1.com:8080 ~ false",
                "c1.com:* ~ c1.com ~ false",
                "c1.com:* ~ c1.com:81 ~ true",
                "*.example.com ~ a.b.example.com ~ true",
                "*.example.com ~ example.com ~ false",
                "{api,www}.ex?mple.[cn]om ~ www.exumple.nom ~ true",
                "{api,www}.ex?mple.[cn]om ~ ftp.example.com ~ false",
                "{a{b,c},d}x ~ acx ~ true",
                "{a{b,c},d}x ~ dx ~ true",
                "{a}x ~ {a}x ~ true",
                "n{1..3} ~ n2 ~ true",
                "n{1..3} ~ n4 ~ false",
                "[!a]x ~ bx ~ true",
                "[!a]x ~ ax ~ false",
                "[^a-c]x ~ dx ~ true",
                "[a-c]x ~ bx ~ true",
                "[]a]x ~ ]x ~ true",
                "[a ~ [a ~ true",
                "a\\* ~ a* ~ true",
                "a\\* ~ ab ~ false",
                "!a.com ~ b.com ~ true",
                "!a.com ~ a.com ~ false",
                "!!a.com ~ a.com ~ true",
                "#a ~ #a ~ false",
                "@(a|b).com ~ b.com ~ true",
                "@(a|b).com ~ ab.com ~ false",
                "+(a|b).com ~ abba.com ~ true",
                "+(a|b).com ~ .com ~ false",
                "x*(a|b).com ~ x.com ~ true",
                "?(a)b ~ b ~ true",
                "?(a)b ~ aab ~ false",
                "!(a|b).com ~ c.com ~ true",
                "!(a|b).com ~ a.com ~ false",
                "!(a|b).com ~ ab.com ~ true",
                "x!(a).com ~ xa.com ~ false",
                "x!(a).com ~ x.com ~ true",
                "@(a|@(b|c)d).com ~ cd.com ~ true",
                "a.com ~ aXcom ~ false",
                "@(a ~ @(a ~ true"
            })
    void matchesLikeMinimatch(String pattern, String text, boolean expected) {
        assertThat(Glob.compile(pattern).matches(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b",
                "+(a|aa|aaa)b",
                "+(+(+(a)))b",
                "*(*(*(a)*)*)*b",
                "!(*a*a*a*a*a*)b",
                "*(a*)*(a*)*(a*)*(a*)b"
            })
    void takesBoundedTimeWhateverTheTextIs(String pattern) {
        Glob glob = Glob.compile(pattern);
        String text = "a".repeat(1_000);
        long before = System.nanoTime();

        assertThat(glob.matches(text)).isFalse();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void refusesPatternsWithoutBound() {
        assertThatThrownBy(() -> Glob.compile("{1..5000}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Glob.compile("{a,b}".repeat(20))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Glob.compile("a".repeat(1001))).isInstanceOf(IllegalArgumentException.class);
        assertThat(Glob.compile("a".repeat(1000)).matches("a".repeat(1000))).isTrue();
        assertThat(Glob.compile("*").matches("a".repeat(1001))).isFalse();
    }
}
