package io.posthorn.samples.ee;

import jakarta.ejb.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the workers have done, in memory: the last 100 orders. An order that is worked off again is in it once. */
@Singleton
public class OrderBook {

    private static final int ORDERS_MAX = 100;

    private record Worked(String number, String text) {}

    private final Deque<Worked> orders = new ArrayDeque<>();
    private final Set<String> numbers = new HashSet<>();

    public void worked(String number, String text) {
        if (!numbers.add(number)) {
            return;
        }
        orders.addFirst(new Worked(number, text));
        if (orders.size() > ORDERS_MAX) {
            numbers.remove(orders.removeLast().number());
        }
    }

    /** The latest first, as lines of text. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Worked order : orders) {
            lines.add(order.number() + " " + order.text());
        }
        return lines;
    }
}
