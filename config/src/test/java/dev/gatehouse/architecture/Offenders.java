package dev.gatehouse.architecture;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Lock;
import java.util.logging.Logger;

/** Each class breaks one rule on purpose. */
@SuppressWarnings({"DefaultCharset", "SystemOut"}) // They are the offences.
final class Offenders {
    private Offenders() {}

    static final class Joins {
        static String answer(CompletableFuture<String> stage) {
            return stage.join();
        }
    }

    static final class Sleeps {
        static void pause() throws InterruptedException {
            Thread.sleep(1);
        }
    }

    static final class Awaits {
        static void latch(CountDownLatch latch) throws InterruptedException {
            latch.await();
        }
    }

    static final class Locks {
        static void guard(Lock lock) {
            lock.lock();
        }
    }

    static final class ReadsFile {
        static String text(Path path) throws IOException {
            return Files.readString(path);
        }
    }

    static final class ResolvesName {
        static InetAddress address(String name) throws IOException {
            return InetAddress.getByName(name);
        }
    }

    static final class CallsOut {
        static HttpRequest request(URI uri) {
            return HttpRequest.newBuilder(uri).build();
        }
    }

    static final class Prints {
        static void line() {
            System.out.println("line");
        }
    }

    static final class LogsElsewhere {
        static void line(Logger logger) {
            logger.info("line");
        }
    }

    static final class GuessesCharset {
        static byte[] bytes(String text) {
            return text.getBytes();
        }
    }

    static final class GuessesCharsetBack {
        static String text(byte[] bytes) {
            return new String(bytes);
        }
    }
}
