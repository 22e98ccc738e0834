import type { Application } from 'egg';
import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';
import type { Audience } from '../schema/user';

export class UserModel extends Model<InferAttributes<UserModel>, InferCreationAttributes<UserModel>> {
  declare id: number;
  declare app: string;
  declare account: string;
  declare passwordHash: string;
  declare name: string;
  declare phone: CreationOptional<string | null>;
  declare avatar: CreationOptional<string | null>;
  declare gender: CreationOptional<'male' | 'female' | 'other' | null>;
  declare signature: CreationOptional<string | null>;
  declare background: CreationOptional<string | null>;
  declare hidePresence: CreationOptional<boolean>;
  declare allowGroups: CreationOptional<Audience>;
  declare allowMessages: CreationOptional<Audience>;
  declare allowPhone: CreationOptional<Audience>;
  declare allowPresence: CreationOptional<Audience>;
  /** Raised whenever name or avatar change. */
  declare cardVersion: CreationOptional<number>;
  /** When the user has deleted the account: the row is what messages still name. */
  declare deletedAt: CreationOptional<Date | null>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
}

export default ({ model }: Application) =>
  class User extends UserModel {}.init(
    {
      id: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      app: DataTypes.STRING(32),
      account: DataTypes.STRING(64),
      passwordHash: DataTypes.STRING,
      name: DataTypes.STRING(64),
      phone: DataTypes.STRING(32),
      avatar: DataTypes.STRING(1024),
      gender: DataTypes.STRING(8),
      signature: DataTypes.STRING(256),
      background: DataTypes.STRING(1024),
      hidePresence: { type: DataTypes.BOOLEAN, defaultValue: false },
      allowGroups: { type: DataTypes.STRING(8), defaultValue: 'friends' },
      allowMessages: { type: DataTypes.STRING(8), defaultValue: 'everyone' },
      allowPhone: { type: DataTypes.STRING(8), defaultValue: 'everyone' },
      allowPresence: { type: DataTypes.STRING(8), defaultValue: 'everyone' },
      cardVersion: { type: DataTypes.INTEGER.UNSIGNED, defaultValue: 0 },
      deletedAt: DataTypes.DATE(3),
      createdAt: DataTypes.DATE(3),
      updatedAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'user' },
  );
