package planted.checklist;

import io.posthorn.tck.Checklist;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** All mistakes that one can make with the annotation; no test runner picks it up by its name. */
class Mistaken {

    @Test
    @Checklist({"1.01", "99.01"})
    void namesARuleThatIsNotThere() {}

    @Checklist("1.02")
    void isNoTest() {}

    @Test
    @Disabled("planted")
    @Checklist("1.03")
    void doesNotRun() {}

    @Nested
    @Checklist("1.04")
    class Inner {

        @Test
        @Checklist("2.1")
        void namesARuleCarelessly() {}
    }
}
