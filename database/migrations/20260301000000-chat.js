'use strict';

/*
 * Friends, blocks, group requests, changes of messages, settings of conversations, notices, retention. The version
 * before goes on working: everything new is nullable or has a default.
 */
const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';
const ID = 'BIGINT UNSIGNED NOT NULL';
const PLACE = 'BIGINT UNSIGNED NOT NULL DEFAULT 0';

const columns = {
  user: [
    'ADD hide_presence BOOLEAN NOT NULL DEFAULT 0',
    'ADD KEY user_phone (app, phone)',
    'ADD KEY user_name (app, name)',
  ],
  user_inbox: [`ADD notice_seq ${PLACE}`],
  conversation: [
    `MODIFY single_key VARCHAR(34) ${ASCII} NULL`,
    'ADD mute_all BOOLEAN NOT NULL DEFAULT 0',
    `ADD mention_all_seq ${PLACE}`,
    `ADD purged_seq ${PLACE}`,
    `ADD purged_count ${PLACE}`,
  ],
  chat_group: [
    'ADD announcement TEXT NULL',
    `ADD join_policy VARCHAR(8) ${ASCII} NOT NULL DEFAULT 'invite'`,
    `ADD history VARCHAR(8) ${ASCII} NOT NULL DEFAULT 'joined'`,
  ],
  conversation_member: [
    `ADD cleared_seq ${PLACE}`,
    `ADD hidden_seq ${PLACE}`,
    `ADD delivered_seq ${PLACE}`,
    `ADD mentioned_seq ${PLACE}`,
    'ADD pinned_at DATETIME(3) NULL',
    `ADD notify VARCHAR(8) ${ASCII} NOT NULL DEFAULT 'normal'`,
    'ADD marked_unread BOOLEAN NOT NULL DEFAULT 0',
    'ADD draft TEXT NULL',
    'ADD alias VARCHAR(64) NULL',
    'ADD muted_until DATETIME(3) NULL',
  ],
  message: [
    'ADD mention_all BOOLEAN NOT NULL DEFAULT 0',
    'ADD edited_at DATETIME(3) NULL',
    'ADD recalled_at DATETIME(3) NULL',
    'ADD recalled_by BIGINT UNSIGNED NULL',
    'ADD deleted_at DATETIME(3) NULL',
    'ADD expires_at DATETIME(3) NULL',
  ],
};

const tables = {
  friend: `user_id ${ID}, friend_id ${ID}, alias VARCHAR(64) NULL, created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (user_id, friend_id)`,
  friend_request: `from_id ${ID}, to_id ${ID}, greeting VARCHAR(256) NULL, status VARCHAR(8) ${ASCII} NOT NULL,
    created_at DATETIME(3) NOT NULL, expires_at DATETIME(3) NOT NULL,
    PRIMARY KEY (from_id, to_id), KEY friend_request_to (to_id)`,
  block: `user_id ${ID}, blocked_id ${ID}, created_at DATETIME(3) NOT NULL, PRIMARY KEY (user_id, blocked_id)`,
  group_request: `group_id ${ID}, user_id ${ID}, kind VARCHAR(10) ${ASCII} NOT NULL, by_id BIGINT UNSIGNED NULL,
    words VARCHAR(256) NULL, status VARCHAR(8) ${ASCII} NOT NULL,
    created_at DATETIME(3) NOT NULL, expires_at DATETIME(3) NOT NULL,
    PRIMARY KEY (group_id, user_id, kind), KEY group_request_user (user_id)`,
  message_reaction: `conversation_id ${ID}, seq ${ID}, reaction VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
    user_id ${ID}, created_at DATETIME(3) NOT NULL, PRIMARY KEY (conversation_id, seq, reaction, user_id)`,
  message_pin: `conversation_id ${ID}, seq ${ID}, by_id ${ID}, created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (conversation_id, seq)`,
  message_star: `user_id ${ID}, conversation_id ${ID}, seq ${ID}, created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (user_id, conversation_id, seq), KEY message_star_conversation (conversation_id, seq)`,
  message_hidden: `user_id ${ID}, conversation_id ${ID}, seq ${ID},
    PRIMARY KEY (user_id, conversation_id, seq), KEY message_hidden_conversation (conversation_id, seq)`,
  // Conversations of dissolved groups, whose messages still have to go.
  dissolved_conversation: `conversation_id ${ID} PRIMARY KEY`,
  media: `id CHAR(22) ${ASCII} NOT NULL PRIMARY KEY, app VARCHAR(32) ${ASCII} NOT NULL, user_id ${ID},
    name VARCHAR(255) NULL, size BIGINT UNSIGNED NOT NULL, mime VARCHAR(128) ${ASCII} NOT NULL,
    created_at DATETIME(3) NOT NULL, last_used_at DATETIME(3) NOT NULL, KEY media_last_used (last_used_at)`,
};

module.exports = {
  async up({ sequelize }) {
    for (const [table, changes] of Object.entries(columns)) {
      await sequelize.query(`ALTER TABLE ${table} ${changes.join(', ')}`);
    }
    for (const [table, definition] of Object.entries(tables)) {
      await sequelize.query(
        `CREATE TABLE ${table} (${definition}) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`,
      );
    }
  },

  async down({ sequelize }) {
    for (const table of Object.keys(tables).reverse()) await sequelize.query(`DROP TABLE ${table}`);
    for (const [table, changes] of Object.entries(columns)) {
      const undone = changes.flatMap(change => {
        const [, key, name] = /^ADD (KEY )?(\w+)/.exec(change) ?? [];
        return name ? [`DROP ${key ?? 'COLUMN '}${name}`] : [];
      });
      await sequelize.query(`ALTER TABLE ${table} ${undone.join(', ')}`);
    }
  },
};
