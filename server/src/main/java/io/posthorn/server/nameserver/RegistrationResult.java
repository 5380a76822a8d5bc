package io.posthorn.server.nameserver;

/**
 * What became of a registration.
 *
 * @param outcome not null
 * @param masterAddress the Master's address, told to a Slave while there is a Master; otherwise null
 * @param haServerAddress where the Master ships its journal; null together with the former
 */
record RegistrationResult(Outcome outcome, String masterAddress, String haServerAddress) {

    enum Outcome {
        ACCEPTED,
        /** The id belongs to a broker of a higher state version: answered like success, without effect. */
        IGNORED,
        /** An unknown broker that announces a single topic: an increment without its base. */
        REFUSED
    }

    static RegistrationResult of(Outcome outcome) {
        return new RegistrationResult(outcome, null, null);
    }
}
