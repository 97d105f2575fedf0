package dev.gatehouse.cli.run;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import dev.gatehouse.metrics.Spool;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/**
 * The application log: one appender that hands events to a writer thread, so that logging never waits for the reader of
 * the output. Errors have a reserve when the queue is full.
 */
public final class ApplicationLog implements AutoCloseable {
    private static final String APPENDER = "gateway";

    private final Spool<ILoggingEvent> spool;
    private final AtomicLong dropped;

    private ApplicationLog(Spool<ILoggingEvent> spool, AtomicLong dropped) {
        this.spool = spool;
        this.dropped = dropped;
    }

    /** Replaces every other configuration of the logging library for the whole process. */
    public static ApplicationLog open(boolean json, org.slf4j.event.Level level, ZoneId zone, Spool.Sink sink) {
        Spool.Format<ILoggingEvent> format = json ? LogLine::json : (event, out) -> LogLine.human(event, zone, out);
        AtomicLong dropped = new AtomicLong();
        Spool<ILoggingEvent> spool = Spool.open("gateway-log", format, LogLine::weight, sink, dropped::addAndGet);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Appender appender = new Appender(spool);
        appender.setContext(context);
        appender.setName(APPENDER);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level own = Level.convertAnSLF4JLevel(level);
        root.setLevel(quieter(Level.INFO, own));
        root.addAppender(appender);
        // Libraries say at debug what nobody who runs a gateway asked for, and may print what they send.
        context.getLogger("dev.gatehouse").setLevel(own);
        return new ApplicationLog(spool, dropped);
    }

    /** Lines that were lost because the queue was full. */
    public long dropped() {
        return dropped.get();
    }

    /** Writes what is queued; waits at most two seconds. */
    @Override
    public void close() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
        Ends.await(spool.end());
    }

    private static Level quieter(Level one, Level other) {
        return one.isGreaterOrEqual(other) ? one : other;
    }

    private static final class Appender extends UnsynchronizedAppenderBase<ILoggingEvent> {
        private final Spool<ILoggingEvent> spool;

        Appender(Spool<ILoggingEvent> spool) {
            this.spool = spool;
        }

        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            spool.add(event, event.getLevel().isGreaterOrEqual(Level.ERROR));
        }
    }
}
