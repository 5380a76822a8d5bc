package io.posthorn.server.queue;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random histories keep the invariants of ARCHITECTURE.md; a heart or a store that breaks one is caught. */
class SimulationTest {

    private static final int STEPS = 1500;

    @Test
    void invariantsHoldInRandomHistories() {
        int deliveries = 0;
        int crashes = 0;
        int recovered = 0;
        int grouped = 0;
        int held = 0;
        int heldInCrash = 0;
        for (long seed = 1; seed <= 150; seed++) {
            Simulation simulation = new Simulation(seed, Simulation.Fault.NONE);
            try {
                simulation.run(STEPS);
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("seed " + seed + ": " + broken.getMessage(), broken);
            }
            deliveries += simulation.deliveries;
            crashes += simulation.crashes;
            recovered += simulation.recoveredBranches;
            grouped += simulation.groupedDeliveries;
            held += simulation.groupedHolds;
            heldInCrash += simulation.recoveredHolds;
        }
        assertTrue(recovered > 100, recovered + " prepared branches were recovered");
        assertTrue(grouped > 5_000, grouped + " deliveries in groups");
        assertTrue(
                held > 500 && heldInCrash > 50,
                held + " messages of groups consumed in branches, " + heldInCrash + " of them over a crash");
        assertTrue(deliveries > 10_000 && crashes > 300, deliveries + " deliveries, " + crashes + " crashes");
    }

    @ParameterizedTest
    @EnumSource(
            value = Simulation.Fault.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE"})
    void aPlantedFaultIsFound(Simulation.Fault fault) {
        AssertionError found = null;
        for (long seed = 1; seed <= 30 && found == null; seed++) {
            try {
                new Simulation(seed, fault).run(STEPS);
            } catch (AssertionError | IllegalStateException broken) {
                found = new AssertionError(broken);
            }
        }
        assertNotNull(found, fault + " was not noticed");
        assertTrue(found.getMessage().contains(fault.invariant), fault + " was taken for " + found.getMessage());
    }
}
