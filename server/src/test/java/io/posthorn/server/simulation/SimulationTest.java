package io.posthorn.server.simulation;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.time.Clock;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random histories keep the invariants of ARCHITECTURE.md; a heart or a store that breaks one is caught. {@code -Dposthorn.seed=N} runs one
 * history again, {@code -Dposthorn.simulation.seconds=N} says for how long new ones are tried.
 */
class SimulationTest {

    private static final Logger LOG = LoggerFactory.getLogger(SimulationTest.class);
    private static final int STEPS = 1500;

    /** Seeds of histories that have found a fault once. */
    private static final long[] REGRESSIONS = {};

    @Test
    void invariantsHoldInKnownHistories() {
        Simulation.Tally tally = Simulation.Tally.NOTHING;
        for (long seed = 1; seed <= 100; seed++) {
            tally = tally.plus(run(seed));
        }
        for (long seed : REGRESSIONS) {
            run(seed);
        }
        assertTrue(tally.deliveries() > 10_000 && tally.crashes() > 300, tally.toString());
        assertTrue(tally.recoveredBranches() > 100 && tally.groupedDeliveries() > 5_000, tally.toString());
        assertTrue(tally.groupedHolds() > 200 && tally.recoveredHolds() > 20, tally.toString());
        assertTrue(tally.refusals() > 100 && tally.references() > 100, tally.toString());
    }

    @Test
    void invariantsHoldInNewHistories() {
        explore("in memory", 30, MemoryStore::new);
    }

    /** A Master with two Slaves, over a network that breaks, with promotions. */
    @Test
    void invariantsHoldInNewHistoriesOfACluster() {
        AtomicInteger promotions = new AtomicInteger();
        explore("of a cluster", 15, (random, clock) -> new ClusterStore(random, clock, Fault.NONE, promotions));
        assertTrue(promotions.get() > 0, "no Slave was promoted");
    }

    /** On the broker's own store, with its checkpoints. */
    @Test
    void invariantsHoldInNewHistoriesOnARealStore(@TempDir Path dir) {
        explore("on a real store", 15, new Simulation.StoreMaker() {
            private int stores;

            @Override
            public SimulatedStore make(SplittableRandom random, HandClock clock) {
                return new DirectoryStore(dir.resolve(Integer.toString(++stores)), random);
            }
        });
    }

    /** Runs histories that nobody has seen, for some time, or one again. */
    private static void explore(String where, int seconds, Simulation.StoreMaker stores) {
        Long chosen = Long.getLong("posthorn.seed");
        if (chosen != null) {
            run(chosen, stores);
            return;
        }
        long limitNs = Integer.getInteger("posthorn.simulation.seconds", seconds) * 1_000_000_000L;
        long startNs = Clock.system().monotonicNs();
        Simulation.Tally tally = Simulation.Tally.NOTHING;
        int histories = 0;
        while (Clock.system().monotonicNs() - startNs < limitNs) {
            tally = tally.plus(run(ThreadLocalRandom.current().nextLong(), stores));
            histories++;
        }
        LOG.info("{} new histories of {} steps {}: {}", histories, STEPS, where, tally);
    }

    private static Simulation.Tally run(long seed) {
        return run(seed, MemoryStore::new);
    }

    private static Simulation.Tally run(long seed, Simulation.StoreMaker stores) {
        try (Simulation simulation = new Simulation(seed, Fault.NONE, stores)) {
            return simulation.run(STEPS);
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError("seed " + seed + " (-Dposthorn.seed): " + broken.getMessage(), broken);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE"})
    void aPlantedFaultIsFound(Fault fault) {
        // What one invariant forbids may show as another's violation first: a lost entry is a lost message, or a lost
        // branch.
        AssertionError found = null;
        AssertionError other = null;
        for (long seed = 1; seed <= 30 && found == null; seed++) {
            Simulation.StoreMaker stores = fault.needsCluster()
                    ? (random, clock) -> new ClusterStore(random, clock, fault, new AtomicInteger())
                    : MemoryStore::new;
            try (Simulation simulation = new Simulation(seed, fault, stores)) {
                simulation.run(STEPS);
            } catch (AssertionError | IllegalStateException broken) {
                boolean expected = String.valueOf(broken.getMessage()).contains(fault.invariant + " (");
                found = expected ? new AssertionError(broken) : null;
                other = expected ? other : new AssertionError(broken);
            }
        }
        assertNotNull(found, fault + (other == null ? " was not noticed" : " was taken for " + other.getMessage()));
    }

    @Test
    void forEveryInvariantAFaultIsPlanted() {
        Set<Invariant> missing = EnumSet.allOf(Invariant.class);
        for (Fault fault : Fault.values()) {
            missing.remove(fault.invariant);
        }
        assertTrue(missing.isEmpty(), "without a planted fault: " + missing);
    }
}
