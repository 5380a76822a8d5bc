package io.posthorn.protocol;

/** Request codes: RocketMQ's own for NameServer and registration, 7000–7899 for the JMS extension. */
public final class RequestCode {

    public static final int REGISTER_BROKER = 103;
    public static final int UNREGISTER_BROKER = 104;
    public static final int GET_ROUTEINFO_BY_TOPIC = 105;
    public static final int GET_BROKER_CLUSTER_INFO = 106;
    public static final int QUERY_DATA_VERSION = 322;

    public static final int CONNECT = 7000;
    public static final int AUTHENTICATE = 7001;
    public static final int CLIENT_ID = 7002;
    public static final int CLOSE = 7003;
    public static final int PING = 7004;
    public static final int SEND = 7010;
    public static final int PRODUCER_CLOSE = 7011;
    public static final int OPEN_CONSUMER = 7020;
    public static final int CLOSE_CONSUMER = 7021;
    public static final int CREDIT = 7022;
    public static final int DRAIN = 7023;
    public static final int DELIVER = 7030;
    public static final int HAND_OVER = 7031;
    public static final int ACKNOWLEDGE = 7032;
    public static final int CONSUMER_CLOSED = 7033;
    public static final int PROGRESS = 7034;
    public static final int COMMIT = 7040;
    public static final int ROLLBACK = 7041;
    public static final int OUTCOME = 7042;
    public static final int UNSUBSCRIBE = 7050;
    public static final int CREATE_TEMPORARY = 7051;
    public static final int DELETE_TEMPORARY = 7052;

    public static final int XA_START = 7060;
    public static final int XA_END = 7061;
    public static final int XA_PREPARE = 7062;
    public static final int XA_COMMIT = 7063;
    public static final int XA_ROLLBACK = 7064;
    public static final int XA_RECOVER = 7065;
    public static final int XA_FORGET = 7066;
    public static final int XA_DECIDE = 7067;
    public static final int XA_LIST = 7068;

    public static final int DESTINATION_LIST = 7070;
    public static final int DESTINATION_SHOW = 7071;
    public static final int DESTINATION_CREATE = 7072;
    public static final int DESTINATION_SET = 7073;
    public static final int DESTINATION_DELETE = 7074;

    public static final int PUT_CHUNK = 7080;
    public static final int FETCH_CHUNK = 7081;
    public static final int END_UPLOAD = 7082;

    private RequestCode() {}
}
