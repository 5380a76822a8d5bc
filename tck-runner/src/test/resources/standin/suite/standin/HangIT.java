package standin;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

public class HangIT {

    @Test
    public void a() {}

    @Test
    public void b() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    @Test
    public void c() {}
}
