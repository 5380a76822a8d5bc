package io.posthorn.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class VersionRangeTest {

    private static final int VERSIONS = 5;

    @Test
    void twoSidesAgreeOnTheHighestThatBothSpeak() {
        for (int ownMin = 1; ownMin < VERSIONS; ownMin++) {
            for (int ownMax = ownMin; ownMax < VERSIONS; ownMax++) {
                // Whatever comes over the wire: also what is no range at all.
                for (int min = 0; min < VERSIONS; min++) {
                    for (int max = 0; max < VERSIONS; max++) {
                        VersionRange own = new VersionRange(ownMin, ownMax);
                        VersionRange other = new VersionRange(min, max);
                        assertEquals(highest(own, other), own.common(other), own + " and " + other);
                        assertEquals(own.common(other), other.common(own), own + " and " + other);
                    }
                }
            }
        }
    }

    private static int highest(VersionRange one, VersionRange other) {
        int found = VersionRange.NONE;
        for (int version = 1; version < VERSIONS; version++) {
            if (one.contains(version) && other.contains(version)) {
                found = version;
            }
        }
        return found;
    }

    @Test
    void isReadable() {
        assertEquals("1", new VersionRange(1, 1).toString());
        assertEquals("1 to 3", new VersionRange(1, 3).toString());
    }
}
