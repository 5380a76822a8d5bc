package io.posthorn.server.store.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** How the journal opens its files; a port so that tests can make writes and syncs fail. */
@FunctionalInterface
interface FileOpener {

    FileChannel open(Path file, OpenOption... options) throws IOException;
}
