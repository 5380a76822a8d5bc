package io.posthorn.provider;

/** Told what happens to a connection as a whole, on an I/O thread; must not block. */
public interface ProviderListener {

    /** The connection was lost and is being mended. */
    void interrupted(String reason);

    /** The connection works again. */
    void restored();

    /** Something could not be mended that no call can report; the connection goes on. */
    void problem(ProviderException failure);

    /** The connection is lost for good: every call fails from now on. */
    void failed(ProviderException failure);
}
