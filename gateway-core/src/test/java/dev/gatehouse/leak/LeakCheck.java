package dev.gatehouse.leak;

import io.netty.buffer.ByteBuf;
import io.netty.util.LeakPresenceDetector;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the test that leaves a buffer unreleased. Registered for all tests by {@code junit-platform.properties}.
 *
 * <p>Every buffer is counted in the scope of the test that runs while it is allocated. A test class with
 * {@link BeforeAll} keeps things alive from one test to the next, so there the whole class is one scope. Event loops may
 * still be releasing when a test returns; they get a moment.
 */
public final class LeakCheck implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final Duration MOMENT = Duration.ofSeconds(3);

    static {
        // Read once, when the detector's class is first used, which is below.
        System.setProperty("io.netty.util.LeakPresenceDetector.trackCreationStack", "true");
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Detectors());
    }

    // Key material of TLS contexts is freed by the garbage collector, whenever that is.
    private static final LeakPresenceDetector.ResourceScope LONG_LIVED =
            new LeakPresenceDetector.ResourceScope("not watched");

    // Written by the test thread, read by every thread that allocates.
    private static volatile LeakPresenceDetector.ResourceScope scope =
            new LeakPresenceDetector.ResourceScope("before any test");

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isTopLevel(context)) {
            begin(context.getDisplayName());
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!isShared(context)) {
            begin(context.getDisplayName());
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!isShared(context)) {
            check(MOMENT);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (isTopLevel(context)) {
            check(MOMENT);
        }
    }

    static void begin(String name) {
        scope = new LeakPresenceDetector.ResourceScope(name);
    }

    static void check(Duration moment) {
        LeakPresenceDetector.ResourceScope ending = scope;
        long deadline = System.nanoTime() + moment.toNanos();
        while (ending.hasOpenResources() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        if (ending.hasOpenResources()) {
            begin("after a leak");
            ending.close();
        }
    }

    private static boolean isTopLevel(ExtensionContext context) {
        return context.getRequiredTestClass().getEnclosingClass() == null;
    }

    private static boolean isShared(ExtensionContext context) {
        for (Class<?> type = context.getRequiredTestClass(); type != null; type = type.getEnclosingClass()) {
            for (Class<?> declaring = type; declaring != null; declaring = declaring.getSuperclass()) {
                if (Arrays.stream(declaring.getDeclaredMethods()).anyMatch(LeakCheck::isBeforeAll)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isBeforeAll(Method method) {
        return method.isAnnotationPresent(BeforeAll.class);
    }

    private static final class Detectors extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // The only method a factory can implement.
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return new Detector<>(resource, ByteBuf.class.isAssignableFrom(resource));
        }
    }

    private static final class Detector<T> extends LeakPresenceDetector<T> {
        private final boolean watched;

        private Detector(Class<?> resource, boolean watched) {
            super(resource);
            this.watched = watched;
        }

        @Override
        protected ResourceScope currentScope() {
            return watched ? scope : LONG_LIVED;
        }
    }
}
