package dev.gatehouse.expression.engine;

import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.CompilerEnvirons;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.ErrorReporter;
import org.mozilla.javascript.Evaluator;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.debug.DebugFrame;
import org.mozilla.javascript.debug.DebuggableScript;
import org.mozilla.javascript.debug.Debugger;

/**
 * One entry into the engine, with its limits. Confined to the thread that entered.
 *
 * <p>Rhino's instruction observer is asked on backward jumps and in regular expressions only. Calls are counted too, by
 * the hook that a debugger would use to see a new frame: recursion and queued jobs need no jump to run for ever.
 *
 * <p>Not covered: a text of more than {@link Texts#LONGEST} that is made by adding and then compared or used
 * as a key is put together by the engine itself; that is seen only after it ended. Built-ins refuse such a text.
 */
final class EngineContext extends Context implements Debugger {
    static final long DEADLINE_NANOS = 50_000_000;
    static final int MOST_JOBS = 10_000;

    private static final long MOST_ALLOCATED_BYTES = 64L << 20;
    private static final int CALLS_PER_CHECK = 64;
    private static final com.sun.management.@Nullable ThreadMXBean ALLOCATION =
            ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean bean
                            && bean.isThreadAllocatedMemorySupported()
                    ? bean
                    : null;

    private final Deque<Runnable> jobs = new ArrayDeque<>();
    private long deadline = Long.MAX_VALUE;
    private long allocatedBefore;
    private int calls;
    private boolean compiling;
    private @Nullable Globals globals;

    EngineContext(ContextFactory factory) {
        super(factory);
    }

    /** Starts the clock of one evaluation. */
    void begin() {
        deadline = System.nanoTime() + DEADLINE_NANOS;
        allocatedBefore = ALLOCATION == null ? 0 : ALLOCATION.getCurrentThreadAllocatedBytes();
        setDebugger(this, null);
    }

    /** Starts the clock of one evaluation for the exchange of {@code scope}. */
    void begin(Globals scope) {
        globals = scope;
        begin();
    }

    /** The global object of the exchange that is evaluated; null while the engine starts. */
    @Nullable
    Globals globals() {
        return globals;
    }

    /** Ends the evaluation when a limit is passed. */
    void check() {
        if (deadline == Long.MAX_VALUE) {
            return;
        }
        if (System.nanoTime() - deadline > 0) {
            throw new ScriptLimit("the expression took longer than 50 ms");
        }
        if (ALLOCATION != null) {
            if (ALLOCATION.getCurrentThreadAllocatedBytes() - allocatedBefore > MOST_ALLOCATED_BYTES) {
                throw new ScriptLimit("the expression used too much memory");
            }
        }
    }

    /** Compiles text; scripts themselves cannot, whatever constructor they reach. */
    <T> T compiling(Supplier<T> work) {
        boolean before = compiling;
        compiling = true;
        try {
            return work.get();
        } finally {
            compiling = before;
        }
    }

    @Override
    protected Object compileImpl(
            Scriptable scope,
            String source,
            String name,
            int line,
            Object domain,
            boolean returnFunction,
            Evaluator compiler,
            ErrorReporter reporter,
            Consumer<CompilerEnvirons> configure) {
        if (!compiling) {
            throw ScriptRuntime.typeError("code cannot be made from text");
        }
        return super.compileImpl(scope, source, name, line, domain, returnFunction, compiler, reporter, configure);
    }

    @Override
    public void enqueueMicrotask(Runnable job) {
        if (jobs.size() >= MOST_JOBS) {
            throw new ScriptLimit("the expression queued too many jobs");
        }
        jobs.add(job);
    }

    @Override
    public void processMicrotasks() {
        for (Runnable job = jobs.poll(); job != null; job = jobs.poll()) {
            check();
            job.run();
        }
    }

    /** Counts one call. */
    void tick() {
        if (++calls % CALLS_PER_CHECK == 0) {
            check();
        }
    }

    @Override
    public @Nullable DebugFrame getFrame(Context context, DebuggableScript called) {
        tick();
        return null;
    }
}
