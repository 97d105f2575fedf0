package dev.gatehouse.cli.reload;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that something happened near some files: in their directories and in those of every link on the way to them. That
 * makes a reload quick; nothing depends on it, because the files are looked at from time to time anyway.
 */
final class FileEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileEvents.class);
    private static final int MAX_LINKS = 16;

    private final WatchService service;
    private final Map<Path, WatchKey> directories = new HashMap<>();

    private FileEvents(WatchService service) {
        this.service = service;
    }

    /**
     * Starts.
     *
     * @param happened called on a thread of its own
     * @return null where the system tells no events
     */
    static @Nullable FileEvents open(Runnable happened) {
        try {
            FileEvents events = new FileEvents(FileSystems.getDefault().newWatchService());
            Thread thread = new Thread(() -> events.pass(happened), "gateway-watch");
            thread.setDaemon(true);
            thread.start();
            return events;
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("no file events, files are looked at every two seconds: {}", e.toString());
            return null;
        }
    }

    /** Watches around these files and no others. Control thread. */
    void watch(Collection<Path> files) {
        Set<Path> wanted = new HashSet<>();
        files.forEach(file -> addDirectories(file.toAbsolutePath(), wanted, MAX_LINKS));
        directories.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey()) || !entry.getValue().isValid();
            if (gone) {
                entry.getValue().cancel();
            }
            return gone;
        });
        for (Path directory : wanted) {
            if (!directories.containsKey(directory)) {
                register(directory);
            }
        }
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            LOG.debug("the file events cannot be closed: {}", e.toString());
        }
    }

    private void register(Path directory) {
        try {
            directories.put(
                    directory,
                    directory.register(
                            service,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE));
        } catch (IOException e) {
            LOG.debug("no file events for {}: {}", directory, e.toString());
        }
    }

    /** Under their real names, so that another directory under the same name is another one. */
    private static void addDirectories(Path file, Set<Path> into, int links) {
        try {
            Path directory = file.getParent();
            if (directory == null) {
                return;
            }
            if (Files.isDirectory(directory)) {
                into.add(directory.toRealPath());
            }
            if (links > 0 && Files.isSymbolicLink(file)) {
                addDirectories(file.resolveSibling(Files.readSymbolicLink(file)), into, links - 1);
            }
        } catch (IOException e) {
            LOG.debug("no file events for {}: {}", file, e.toString());
        }
    }

    private void pass(Runnable happened) {
        try {
            while (true) {
                WatchKey key = service.take();
                key.pollEvents();
                key.reset();
                happened.run();
            }
        } catch (ClosedWatchServiceException closed) {
            LOG.debug("file events ended");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
