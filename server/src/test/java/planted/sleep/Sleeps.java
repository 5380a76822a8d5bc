package planted.sleep;

/** A planted sleep. */
public final class Sleeps {

    public void sleep() throws InterruptedException {
        Thread.sleep(1);
    }
}
