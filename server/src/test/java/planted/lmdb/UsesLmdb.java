package planted.lmdb;

import org.lmdbjava.EnvFlags;

/** A planted use of lmdbjava. */
public final class UsesLmdb {

    public EnvFlags flag() {
        return EnvFlags.MDB_NOSYNC;
    }
}
