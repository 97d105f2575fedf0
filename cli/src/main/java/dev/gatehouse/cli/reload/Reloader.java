package dev.gatehouse.cli.reload;

import dev.gatehouse.cli.reload.ChangeDetector.Advice;
import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.report.ProblemPrinter;
import dev.gatehouse.runtime.Gateway;
import dev.gatehouse.runtime.Reloaded;
import dev.gatehouse.runtime.TlsReload;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Puts the configuration that is on disk in force, or keeps the one that is, and says which.
 *
 * <p>Idea: the contents of every file that took part in the configuration in force are known by digest. A reload whose
 * files hold the same does nothing. Files of keys and certificates are known apart: they are read again without a reload.
 * Confined to one thread at a time, see {@link ControlThread}; {@link #standing} may be asked on any.
 */
public final class Reloader {
    /** Beside the gateway's file; what it says matters to the reader. */
    private static final String SYSTEM_FILE = "system.config.yml";

    private final Path file;
    private final Supplier<ConfigReader.Result> reader;
    private final Gateway gateway;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final ReloadLog log;
    private final ReloadMeters meters;
    private final ChangeDetector configs;
    private final ChangeDetector keys;
    private Contents inForce;
    // Written by the control thread, read by whoever asks for the status.
    private volatile Standing standing;

    /**
     * What a running gateway was made from.
     *
     * @param file the configuration file
     * @param contents what its files held before they were read; see {@link #contents}
     * @param files further files of the configuration, as in {@link ConfigReader.Result#files}
     * @param reader reads the same source again
     */
    public record Origin(Path file, Contents contents, Set<Path> files, Supplier<ConfigReader.Result> reader) {
        public Origin {
            files = Set.copyOf(files);
        }
    }

    /** Call before the gateway starts, so that no change of a key is missed. */
    public Reloader(Origin origin, Gateway gateway, MeterRegistry meters, InstantSource clock, LongSupplier ticker) {
        this.file = origin.file();
        this.reader = origin.reader();
        this.gateway = gateway;
        this.clock = clock;
        this.ticker = ticker;
        this.log = new ReloadLog(file);
        this.meters = new ReloadMeters(meters);
        this.inForce = origin.contents().over(inputs(origin.files()));
        this.configs = new ChangeDetector(inForce);
        this.keys = new ChangeDetector(Contents.of(gateway.tlsFiles()));
        this.standing = new Standing(1, clock.instant(), inForce.mark(file), null);
        this.meters.show(standing);
    }

    /** What the files of a configuration hold now; to be taken before they are read. */
    public static Contents contents(Path file) {
        return Contents.of(Set.of(file, system(file)));
    }

    /** Which configuration is in force. Any thread. */
    public Standing standing() {
        return standing;
    }

    /** Every file whose change matters. */
    Set<Path> files() {
        Set<Path> all = new HashSet<>(configs.files());
        all.addAll(keys.files());
        return all;
    }

    /** Reloads now, whatever has changed; keys and certificates too. */
    Outcome reload(String trigger) {
        if (keys.look(Contents.of(keys.files()), ticker.getAsLong()) != Advice.NOTHING) {
            reloadKeys(true);
        }
        return attempt(trigger, true);
    }

    /** Looks at the files and acts on what has changed and stayed so for a moment; gives when to look again. */
    Duration look() {
        Advice config = configs.look(Contents.of(configs.files()), ticker.getAsLong());
        if (config == Advice.TRY || config == Advice.ACT) {
            attempt("watch", config == Advice.ACT);
        }
        Advice key = keys.look(Contents.of(keys.files()), ticker.getAsLong());
        if (key == Advice.TRY || key == Advice.ACT) {
            reloadKeys(key == Advice.ACT);
        }
        boolean busy = !configs.changed().isEmpty() || !keys.changed().isEmpty();
        return busy ? ChangeDetector.QUIET : ControlThread.POLL;
    }

    /** @param firm whether a failure is final; if not, it is tried again when the files stayed the same for longer */
    private Outcome attempt(String trigger, boolean firm) {
        long begin = ticker.getAsLong();
        Contents now = Contents.of(configs.files());
        if (now.isMissing(file)) {
            return vanished(now, firm);
        }
        if (now.over(inForce.digests().keySet()).equals(inForce)) {
            configs.settle(now);
            standing = standing.confirmed();
            meters.unchanged();
            log.unchanged(standing.number(), trigger);
            return new Outcome.Unchanged(standing.number());
        }
        try {
            ConfigReader.Result read = reader.get();
            GatewayConfig before = gateway.config();
            GatewayConfig config = read.config();
            Reloaded done = config == null ? null : gateway.reload(config, read.problems());
            if (config == null || done == null) {
                Set<Path> files = inputs(read.files());
                files.addAll(inForce.digests().keySet());
                return refused(now.over(files), read.problems(), trigger, firm);
            }
            inForce = now.over(inputs(read.files()));
            configs.settle(inForce);
            keys.watch(gateway.tlsFiles());
            Outcome.Applied applied = applied(before, config, done, begin);
            log.applied(applied, trigger, done.opened(), warnings(read.problems()));
            return applied;
        } catch (RuntimeException bug) {
            return broke(now, bug);
        }
    }

    private Outcome.Applied applied(GatewayConfig before, GatewayConfig after, Reloaded done, long begin) {
        standing = standing.next(clock.instant(), inForce.mark(file));
        meters.applied();
        meters.show(standing);
        List<String> restart = new ArrayList<>(done.needRestart());
        restart.addAll(ConfigChange.needRestart(before, after));
        return new Outcome.Applied(
                standing.number(),
                Duration.ofNanos(ticker.getAsLong() - begin),
                ConfigChange.between(before, after),
                restart);
    }

    private Outcome refused(Contents now, Problems problems, String trigger, boolean firm) {
        List<Problem> sorted = ProblemPrinter.inFileOrder(problems);
        Outcome.Rejected rejected = new Outcome.Rejected(standing.number(), standing.since(), sorted);
        if (firm) {
            configs.settle(now);
            standing = standing.refusing(clock.instant(), sorted);
            meters.rejected();
            log.rejected(rejected, trigger);
        } else {
            configs.hold();
        }
        return rejected;
    }

    private Outcome vanished(Contents now, boolean firm) {
        Outcome.Vanished vanished = new Outcome.Vanished(standing.number(), standing.since());
        if (firm) {
            configs.settle(now);
            standing = standing.refusing(clock.instant(), List.of());
            meters.rejected();
            log.vanished(vanished);
        } else {
            configs.hold();
        }
        return vanished;
    }

    private Outcome broke(Contents now, RuntimeException bug) {
        configs.settle(now);
        standing = standing.refusing(clock.instant(), List.of());
        meters.rejected();
        log.broke(standing.number(), bug);
        return new Outcome.Rejected(standing.number(), standing.since(), List.of());
    }

    /** Half of a new pair may be there already and the other half on its way. */
    private void reloadKeys(boolean firm) {
        Set<Path> changed = keys.changed();
        List<TlsReload> results = gateway.reloadTls(changed);
        if (firm || results.stream().allMatch(result -> result.problem() == null)) {
            keys.settle();
            log.tls(results, changed);
        } else {
            keys.hold();
        }
    }

    private Set<Path> inputs(Set<Path> secrets) {
        Set<Path> inputs = new HashSet<>(gateway.files());
        inputs.addAll(secrets);
        inputs.add(file);
        inputs.add(system(file));
        return inputs;
    }

    private static List<Problem> warnings(Problems problems) {
        return problems.all().stream()
                .filter(problem -> problem.severity() == Severity.WARNING)
                .toList();
    }

    private static Path system(Path file) {
        return file.toAbsolutePath().resolveSibling(SYSTEM_FILE);
    }
}
