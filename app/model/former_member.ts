import type { Application } from 'egg';
import {
  DataTypes,
  Model,
  type CreationOptional,
  type NonAttribute,
  type InferAttributes,
  type InferCreationAttributes,
} from 'sequelize';
import type { UserModel } from './user';

/**
 * What a group remembers of a user who has left or was removed, the last time: the messages they could see (after `joinedSeq`,
 * until `leftAt`), a mute that goes on, a ban. It stays when they come back, without mute and ban.
 */
export class FormerMemberModel extends Model<
  InferAttributes<FormerMemberModel>,
  InferCreationAttributes<FormerMemberModel>
> {
  declare groupId: number;
  declare userId: number;
  declare joinedSeq: number;
  declare leftAt: Date;
  declare mutedUntil: CreationOptional<Date | null>;
  declare bannedBy: CreationOptional<number | null>;
  declare bannedAt: CreationOptional<Date | null>;
  declare user?: NonAttribute<UserModel>;
  declare by?: NonAttribute<UserModel>;
}

export default ({ model }: Application) =>
  class FormerMember extends FormerMemberModel {
    static associate(): void {
      this.belongsTo(model.User, { as: 'user', foreignKey: 'userId', constraints: false });
      this.belongsTo(model.User, { as: 'by', foreignKey: 'bannedBy', constraints: false });
    }
  }.init(
    {
      groupId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      userId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      joinedSeq: DataTypes.BIGINT.UNSIGNED,
      leftAt: DataTypes.DATE(3),
      mutedUntil: DataTypes.DATE(3),
      bannedBy: DataTypes.BIGINT.UNSIGNED,
      bannedAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'former_member', timestamps: false },
  );
