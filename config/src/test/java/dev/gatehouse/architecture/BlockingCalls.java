package dev.gatehouse.architecture;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;

/** Which calls make a thread wait. Names are complete per type: what is not listed returns at once. */
final class BlockingCalls {
    private static final Map<Class<?>, Set<String>> WAITS = Map.ofEntries(
            Map.entry(
                    Future.class,
                    Set.of("get", "join", "sync", "syncUninterruptibly", "await", "awaitUninterruptibly")),
            Map.entry(CompletableFuture.class, Set.of("get", "join")),
            Map.entry(Thread.class, Set.of("sleep", "join")),
            Map.entry(Object.class, Set.of("wait")),
            Map.entry(TimeUnit.class, Set.of("sleep", "timedWait", "timedJoin")),
            Map.entry(CountDownLatch.class, Set.of("await")),
            Map.entry(CyclicBarrier.class, Set.of("await")),
            Map.entry(Phaser.class, Set.of("awaitAdvance", "arriveAndAwaitAdvance")),
            Map.entry(Semaphore.class, Set.of("acquire", "acquireUninterruptibly")),
            Map.entry(BlockingQueue.class, Set.of("put", "take")),
            Map.entry(Lock.class, Set.of("lock", "lockInterruptibly")),
            Map.entry(Condition.class, Set.of("await", "awaitUninterruptibly", "awaitNanos", "awaitUntil")),
            Map.entry(LockSupport.class, Set.of("park", "parkNanos", "parkUntil")),
            Map.entry(ExecutorService.class, Set.of("awaitTermination", "invokeAll", "invokeAny")));

    /** Paths and in-memory streams are values; these reach the disk, the resolver or a blocking socket. */
    private static final Set<String> INPUT_OUTPUT = Set.of(
            "java.nio.file.Files",
            "java.nio.channels.FileChannel",
            "java.io.File",
            "java.io.FileInputStream",
            "java.io.FileOutputStream",
            "java.io.FileReader",
            "java.io.FileWriter",
            "java.io.RandomAccessFile",
            "java.net.Socket",
            "java.net.ServerSocket",
            "java.net.URLConnection",
            "java.net.HttpURLConnection");

    private static final Set<String> RESOLVES = Set.of("getByName", "getAllByName", "getLocalHost");

    private BlockingCalls() {}

    static boolean waits(JavaCall<?> call) {
        CodeUnitCallTarget target = call.getTarget();
        return WAITS.entrySet().stream()
                .anyMatch(entry -> entry.getValue().contains(target.getName())
                        && target.getOwner().isAssignableTo(entry.getKey()));
    }

    static boolean doesInputOrOutput(JavaCall<?> call) {
        CodeUnitCallTarget target = call.getTarget();
        JavaClass owner = target.getOwner();
        return INPUT_OUTPUT.contains(owner.getName())
                || (owner.getName().equals("java.net.InetAddress") && RESOLVES.contains(target.getName()))
                || (owner.getName().equals("java.net.URL") && target.getName().startsWith("open"));
    }
}
