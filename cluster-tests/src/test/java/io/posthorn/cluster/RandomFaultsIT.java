package io.posthorn.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.cluster.harness.Cluster;
import io.posthorn.cluster.harness.ClusterFiles;
import io.posthorn.cluster.history.Event.LastWordsLost;
import io.posthorn.cluster.history.Event.MemoryLost;
import io.posthorn.cluster.load.Load;
import io.posthorn.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rounds of random faults under load, after each of which the history has to be sound. The seed of each round is printed;
 * {@code -Dit.test=RandomFaultsIT#METHOD -Dposthorn.seed=N -Dposthorn.rounds=1} plays one again, as far as the faults go.
 */
class RandomFaultsIT {

    private static final int FAULTS = 3;

    /** The name of the only fault to play, or null. */
    private static final String ONLY = System.getProperty("posthorn.fault");

    /** Events that the clients have to see after each fault, so that none leaves them stuck. */
    private static final int PROGRESS = 300;

    @RegisterExtension
    final ClusterFiles files = new ClusterFiles();

    /** Of five rounds three. */
    @Test
    void whateverBefallsOneMasterNothingIsLostDoubledOrOutOfOrder() throws Exception {
        playRounds(Shape.ONE_MASTER, 3);
    }

    @Test
    void whateverBefallsMasterAndSlaveNothingIsLostDoubledOrOutOfOrder() throws Exception {
        playRounds(Shape.MASTER_AND_SLAVE, 1);
    }

    @Test
    void whateverBefallsTwoGroupsNothingIsLostDoubledOrOutOfOrder() throws Exception {
        playRounds(Shape.TWO_GROUPS, 1);
    }

    private void playRounds(Shape shape, int ofFive) throws Exception {
        int rounds = Math.max(1, Integer.getInteger("posthorn.rounds", 5) * ofFive / 5);
        long seed = Long.getLong("posthorn.seed", Clock.system().wallMs());
        try (Cluster cluster = shape.start(files.dir())) {
            for (int round = 1; round <= rounds; round++) {
                playRound(shape, cluster, round, seed + round - 1);
            }
        }
    }

    private void playRound(Shape shape, Cluster cluster, int round, long seed) throws Exception {
        Random random = new Random(seed);
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < FAULTS; i++) {
            Fault fault = shape.faults().get(random.nextInt(shape.faults().size()));
            faults.add(ONLY == null ? fault : Fault.valueOf(ONLY));
        }
        System.out.println(shape + ", round " + round + ", -Dposthorn.seed=" + seed + ": " + faults);
        Load load = Load.start(cluster.url(Load.options()), "round" + round);
        try {
            load.awaitProgress(PROGRESS);
            for (Fault fault : faults) {
                int since = load.history().size();
                fault.strike(cluster, random);
                if (fault.restartsBroker()) {
                    load.history().add(new MemoryLost(since));
                }
                if (fault.losesLastWords()) {
                    load.history().add(new LastWordsLost(since));
                }
                load.awaitProgress(PROGRESS);
            }
            load.finish();
        } catch (AssertionError | Exception failed) {
            load.history().writeTo(files.dir().resolve("history"));
            throw new AssertionError("round " + round + ", -Dposthorn.seed=" + seed + ", " + faults, failed);
        }
        assertEquals(
                List.of(),
                load.check(files.dir().resolve("history")),
                () -> "round " + round + ", -Dposthorn.seed=" + seed + ", " + faults);
    }
}
