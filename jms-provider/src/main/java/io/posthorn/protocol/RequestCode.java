package io.posthorn.protocol;

/** Request codes: RocketMQ's own for NameServer and registration, 7000–7899 for the JMS extension. */
public final class RequestCode {

    public static final int PUT_KV_CONFIG = 100;
    public static final int GET_KV_CONFIG = 101;
    public static final int DELETE_KV_CONFIG = 102;
    public static final int REGISTER_BROKER = 103;
    public static final int UNREGISTER_BROKER = 104;
    public static final int GET_ROUTEINFO_BY_TOPIC = 105;
    public static final int GET_BROKER_CLUSTER_INFO = 106;
    public static final int WIPE_WRITE_PERM_OF_BROKER = 205;
    public static final int GET_ALL_TOPIC_LIST_FROM_NAMESERVER = 206;
    public static final int DELETE_TOPIC_IN_NAMESRV = 216;
    public static final int REGISTER_TOPIC_IN_NAMESRV = 217;
    public static final int GET_KVLIST_BY_NAMESPACE = 219;
    public static final int GET_TOPICS_BY_CLUSTER = 224;
    public static final int GET_SYSTEM_TOPIC_LIST_FROM_NS = 304;
    public static final int GET_UNIT_TOPIC_LIST = 311;
    public static final int GET_HAS_UNIT_SUB_TOPIC_LIST = 312;
    public static final int GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST = 313;
    public static final int UPDATE_NAMESRV_CONFIG = 318;
    public static final int GET_NAMESRV_CONFIG = 319;
    public static final int QUERY_DATA_VERSION = 322;
    public static final int ADD_WRITE_PERM_OF_BROKER = 327;
    public static final int GET_BROKER_MEMBER_GROUP = 901;
    public static final int BROKER_HEARTBEAT = 904;

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
    public static final int DELIVER_REFERENCES = 7035;
    public static final int COMMIT = 7040;
    public static final int ROLLBACK = 7041;
    public static final int OUTCOME = 7042;
    public static final int UNSUBSCRIBE = 7050;
    public static final int CREATE_TEMPORARY = 7051;
    public static final int DELETE_TEMPORARY = 7052;
    public static final int RESTATE_TEMPORARY = 7053;

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

    public static final int REPLICA_HELLO = 7200;
    public static final int REPLICA_FETCH = 7201;
    public static final int REPLICA_ACK = 7202;
    public static final int REPLICA_STATUS = 7203;
    public static final int REPLICA_PROMOTE = 7204;
    public static final int REPLICA_FENCE = 7205;
    public static final int SNAPSHOT = 7206;
    public static final int SNAPSHOT_CHUNK = 7207;
    public static final int FINALIZE = 7208;
    public static final int FETCH_MESSAGES = 7210;
    public static final int BROWSE_COMMITTED = 7211;

    public static final int LOCATE = 7240;
    public static final int GROUPS = 7241;
    public static final int GROUP_DRAIN = 7242;
    public static final int GRANT_SUBSCRIPTION = 7243;
    public static final int FIND_SUBSCRIPTION = 7244;
    public static final int RELEASE_SUBSCRIPTION = 7245;
    public static final int COORDINATE = 7246;
    public static final int GROUP_PREPARE = 7247;
    public static final int GROUP_COMMIT = 7248;
    public static final int CONFIRM_DECISION = 7249;

    public static final int PLACE = 7250;
    public static final int GROUP_REPORT = 7251;
    public static final int ASK_DECISION = 7252;
    public static final int XA_GROUP_PREPARE = 7253;
    public static final int XA_GROUP_COMMIT = 7254;
    public static final int HOLD_SUBSCRIPTION = 7255;
    public static final int XA_ENLIST = 7256;

    /** The codes of the JMS extension lie below it, from {@link #CONNECT} on; above it are error codes. */
    public static final int EXTENSION_END = 7900;

    private RequestCode() {}
}
