package standin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

public class FailIT {

    private static String order = "";

    @Test
    public void third() {
        assertEquals("first", order, "second failed before it could note that");
    }

    @Test
    public void second() {
        assertEquals("one", "another");
    }

    @Test
    public void first() {
        order = "first";
    }

    @Test
    @Disabled("never")
    public void disabled() {}
}
