package standin.ee;

import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/** Stands for the part of the official suite that needs an application server. */
public class InServerIT {

    @Test
    public void isNotRun() {
        fail("this class needs an application server");
    }
}
