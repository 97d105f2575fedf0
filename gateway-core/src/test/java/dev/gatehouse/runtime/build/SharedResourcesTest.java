package dev.gatehouse.runtime.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SharedResourcesTest {
    private record Key(String name) {}

    private record Resource(String name, List<String> closed) implements AutoCloseable {
        @Override
        public void close() {
            closed.add(name);
            if (name.equals("broken")) {
                throw new IllegalStateException("cannot close");
            }
        }
    }

    private final SharedResources shared = new SharedResources();
    private final List<String> closed = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.gatehouse.runtime.SharedResources");

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        logger.setAdditive(true);
        logger.detachAppender(log);
    }

    @Test
    void givesEqualKeysTheSameObject() {
        SharedResources.Lease one = shared.lease();
        SharedResources.Lease other = shared.lease();

        assertThat(resource(one, "a"))
                .isSameAs(resource(one, "a"))
                .isSameAs(resource(other, "a"))
                .isNotSameAs(resource(one, "b"));
    }

    @Test
    void closesWhatTheLastLeaseGivesBack() {
        SharedResources.Lease old = shared.lease();
        SharedResources.Lease fresh = shared.lease();
        resource(old, "kept");
        resource(old, "gone");
        resource(fresh, "kept");

        old.close();
        assertThat(closed).containsExactly("gone");
        fresh.close();

        assertThat(closed).containsExactly("gone", "kept");
    }

    @Test
    void countsALeaseOnceHoweverOftenItAsks() {
        SharedResources.Lease one = shared.lease();
        resource(one, "a");
        resource(one, "a");

        one.close();

        assertThat(closed).containsExactly("a");
    }

    @Test
    void closesAnObjectOnceHoweverOftenItsLeaseEnds() {
        SharedResources.Lease one = shared.lease();
        resource(one, "a");

        one.close();
        one.close();

        assertThat(closed).containsExactly("a");
    }

    @Test
    void makesAnObjectAnewAfterItWasClosed() {
        SharedResources.Lease one = shared.lease();
        Resource first = resource(one, "a");
        one.close();

        assertThat(resource(shared.lease(), "a")).isNotSameAs(first);
    }

    @Test
    void reportsAnObjectThatCannotBeClosedAndClosesTheOthers() {
        SharedResources.Lease one = shared.lease();
        resource(one, "broken");
        resource(one, "a");

        one.close();

        assertThat(closed).containsExactly("broken", "a");
        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getThrowableProxy().getMessage()).isEqualTo("cannot close");
        });
    }

    @Test
    void holdsNothingThatCouldNotBeMade() {
        SharedResources.Lease one = shared.lease();

        assertThatThrownBy(() -> one.get(new Key("a"), () -> {
                    throw new IllegalStateException("cannot make");
                }))
                .hasMessage("cannot make");

        assertThat(resource(one, "a").name()).isEqualTo("a");
    }

    private Resource resource(SharedResources.Lease lease, String name) {
        return lease.get(new Key(name), () -> new Resource(name, closed));
    }
}
