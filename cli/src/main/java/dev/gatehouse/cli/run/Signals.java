package dev.gatehouse.cli.run;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Turns TERM and INT into two calls: the first asks for a drain, every later one for an end at once; and HUP into one.
 *
 * <p>A shutdown hook cannot do this: the exit code is fixed at 143 before it runs, and a second signal is not delivered
 * to it. The class that can is not part of Java SE and the compiler refuses to name it with warnings as errors, so it
 * is reached by reflection; where it is missing, the JVM's own behaviour stays (stop at once, 143).
 */
public final class Signals {
    private Signals() {}

    /** Installs the handlers. The runnables are called on a thread of the JVM's own. */
    public static void onStop(Runnable first, Runnable again) {
        AtomicInteger count = new AtomicInteger();
        Runnable arrived = () -> (count.getAndIncrement() == 0 ? first : again).run();
        for (String name : new String[] {"TERM", "INT"}) {
            handle(name, arrived);
        }
    }

    /** Calls {@code reload} at each HUP, on a thread of the JVM's own. */
    public static void onReload(Runnable reload) {
        handle("HUP", reload);
    }

    @SuppressWarnings("ReferenceEquality") // a handler is equal to itself only
    private static void handle(String name, Runnable arrived) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            // The JDK asks a handler for nothing else than handle, hashCode, equals and toString.
            InvocationHandler invocation = (proxy, method, args) -> switch (method.getName()) {
                case "handle" -> {
                    arrived.run();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == args[0];
                default -> name;
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, invocation);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            org.slf4j.LoggerFactory.getLogger(Signals.class)
                    .warn("signal {} ends the gateway at once: {}", name, e.toString());
        }
    }
}
