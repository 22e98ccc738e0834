'use strict';

/*
 * Hand-written DDL: key order, charsets and column widths are the design here (docs/operations.md explains the keys).
 * Every time is UTC with milliseconds. Ids are integers below 2^53, made by the service (app/lib/ids.ts).
 */
const tables = [
  `CREATE TABLE user (
    id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
    app VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    account VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name VARCHAR(64) NOT NULL,
    phone VARCHAR(32) NULL,
    avatar VARCHAR(1024) NULL,
    gender VARCHAR(8) NULL,
    signature VARCHAR(256) NULL,
    background VARCHAR(1024) NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    UNIQUE KEY user_account (app, account)
  )`,
  `CREATE TABLE device (
    user_id BIGINT UNSIGNED NOT NULL,
    device_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    platform VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    session_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NULL,
    refresh_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NULL,
    acked_seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
    last_seen_at DATETIME(3) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (user_id, device_id)
  )`,
  `CREATE TABLE conversation (
    id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
    app VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    type VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    single_key VARCHAR(33) CHARACTER SET ascii COLLATE ascii_bin NULL,
    last_seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
    count BIGINT UNSIGNED NOT NULL DEFAULT 0,
    last_at DATETIME(3) NOT NULL,
    member_version BIGINT UNSIGNED NOT NULL DEFAULT 0,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY conversation_single_key (single_key)
  )`,
  `CREATE TABLE chat_group (
    id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
    name VARCHAR(64) NOT NULL,
    avatar VARCHAR(1024) NULL,
    owner_id BIGINT UNSIGNED NOT NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL
  )`,
  `CREATE TABLE conversation_member (
    conversation_id BIGINT UNSIGNED NOT NULL,
    user_id BIGINT UNSIGNED NOT NULL,
    role VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'member',
    joined_seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
    read_seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
    read_count BIGINT UNSIGNED NOT NULL DEFAULT 0,
    joined_at DATETIME(3) NOT NULL,
    PRIMARY KEY (conversation_id, user_id),
    KEY conversation_member_user (user_id)
  )`,
  `CREATE TABLE message (
    conversation_id BIGINT UNSIGNED NOT NULL,
    seq BIGINT UNSIGNED NOT NULL,
    count BIGINT UNSIGNED NOT NULL,
    sender_id BIGINT UNSIGNED NOT NULL,
    sync_seq BIGINT UNSIGNED NOT NULL,
    client_msg_id CHAR(36) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
    type VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    content MEDIUMTEXT NOT NULL,
    reply_to BIGINT UNSIGNED NULL,
    mentions TEXT CHARACTER SET ascii COLLATE ascii_bin NULL,
    extra MEDIUMTEXT NULL,
    sent_at DATETIME(3) NOT NULL,
    PRIMARY KEY (conversation_id, seq),
    UNIQUE KEY message_client_msg_id (sender_id, client_msg_id)
  )`,
  `CREATE TABLE push_history (
    receiver_id BIGINT UNSIGNED NOT NULL,
    sync_seq BIGINT UNSIGNED NOT NULL,
    type VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    conversation_id BIGINT UNSIGNED NULL,
    from_seq BIGINT UNSIGNED NULL,
    to_seq BIGINT UNSIGNED NULL,
    payload MEDIUMTEXT NULL,
    created_at DATETIME(3) NOT NULL,
    arrival_at DATETIME(3) NULL,
    PRIMARY KEY (receiver_id, sync_seq)
  )`,
  `CREATE TABLE user_inbox (
    user_id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
    last_seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
    first_seq BIGINT UNSIGNED NOT NULL DEFAULT 1
  )`,
];

module.exports = {
  async up({ sequelize }) {
    for (const table of tables) {
      await sequelize.query(`${table} ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`);
    }
  },

  async down({ sequelize }) {
    for (const table of tables.reverse()) {
      await sequelize.query(`DROP TABLE ${/^CREATE TABLE (\w+)/.exec(table)[1]}`);
    }
  },
};
