package io.posthorn.server.security;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.util.Set;

/**
 * The users file on disk, see {@link UsersCodec}. Read by the server and by commands, changed by commands only: the new content is written
 * beside it, synced, and put in its place in one step, so that a reader sees the old file or the new one. Readable by its owner only.
 */
public final class UsersFile {

    private static final int FILE_MAX_BYTES = 64 << 20;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path file;

    public UsersFile(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    /** What becomes of the users. */
    @FunctionalInterface
    public interface Change<X extends Exception> {

        UserTable apply(UserTable before) throws X;
    }

    public Path path() {
        return file;
    }

    /** @throws UsersFileException if it cannot be read or is malformed */
    public UserTable read() throws UsersFileException {
        try {
            if (Files.size(file) > FILE_MAX_BYTES) {
                throw new UsersFileException(file, "is larger than " + FILE_MAX_BYTES + " bytes");
            }
            return UsersCodec.decode(Files.readAllBytes(file), file);
        } catch (NoSuchFileException missing) {
            throw new UsersFileException(file, "does not exist; \"user add NAME\" makes it");
        } catch (IOException failed) {
            throw new UsersFileException(file, "cannot be read: " + failed);
        }
    }

    /**
     * Changes the users; makes the file if there is none. One change at a time: the file being written, {@code FILE.new}, keeps others out.
     *
     * @throws UsersFileException if the file is malformed, being changed by another process, or cannot be written; it is as before then
     * @throws X from the change; the file is as before then
     */
    public <X extends Exception> void change(Change<X> change) throws UsersFileException, X {
        Path target = target();
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        try (FileChannel channel = create(fresh)) {
            boolean placed = false;
            try {
                boolean exists = Files.exists(target);
                UserTable after = change.apply(exists ? read() : UserTable.empty(secret()));
                if (after.size() > UsersCodec.USERS_MAX) {
                    throw new UsersFileException(file, "has room for " + UsersCodec.USERS_MAX + " users");
                }
                write(channel, UsersCodec.encode(after));
                if (exists) {
                    keepOwner(target, fresh);
                }
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
                placed = true;
                syncDirectory(target);
            } finally {
                if (!placed) {
                    Files.deleteIfExists(fresh);
                }
            }
        } catch (IOException failed) {
            throw new UsersFileException(file, "cannot be written: " + failed);
        }
    }

    /** Whether others than its owner may read it; false where files have no such permissions. */
    public boolean isReadableByOthers() {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            return permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.GROUP_READ);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    /** Behind symbolic links, so that a link stays one. */
    private Path target() throws UsersFileException {
        try {
            return Files.exists(file) ? file.toRealPath() : file;
        } catch (IOException failed) {
            throw new UsersFileException(file, "cannot be found: " + failed);
        }
    }

    private FileChannel create(Path fresh) throws IOException, UsersFileException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        try {
            return FileChannel.open(fresh, options, attributes);
        } catch (FileAlreadyExistsException taken) {
            throw new UsersFileException(
                    file, "is being changed by another command; if none is running, delete " + fresh);
        } catch (NoSuchFileException noDirectory) {
            throw new UsersFileException(file, "its directory does not exist");
        }
    }

    private static void write(FileChannel channel, byte[] content) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    /** When root changes the file of the user that runs the server, that user must still be able to read it. */
    private static void keepOwner(Path target, Path fresh) throws IOException {
        UserPrincipal owner = Files.getOwner(target);
        if (!owner.equals(Files.getOwner(fresh))) {
            Files.setOwner(fresh, owner);
        }
    }

    private static void syncDirectory(Path target) throws IOException {
        try (FileChannel directory = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static byte[] secret() {
        byte[] secret = new byte[UserTable.DECOY_SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return secret;
    }
}
