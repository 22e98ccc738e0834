import type { Application } from 'egg';
import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';

/** `sessionId` is null when nobody is logged in on the device; `refreshId` names the one refresh token that is good. */
export class DeviceModel extends Model<InferAttributes<DeviceModel>, InferCreationAttributes<DeviceModel>> {
  declare userId: number;
  declare deviceId: string;
  declare platform: string;
  declare sessionId: string | null;
  declare refreshId: string | null;
  declare previousRefreshId: CreationOptional<string | null>;
  declare refreshedAt: CreationOptional<Date | null>;
  declare ackedSeq: CreationOptional<number>;
  declare lastSeenAt: Date;
  declare createdAt: CreationOptional<Date>;
}

export default ({ model }: Application) =>
  class Device extends DeviceModel {}.init(
    {
      userId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      deviceId: { type: DataTypes.STRING(64), primaryKey: true },
      platform: DataTypes.STRING(16),
      sessionId: DataTypes.CHAR(22),
      refreshId: DataTypes.CHAR(22),
      previousRefreshId: DataTypes.CHAR(22),
      refreshedAt: DataTypes.DATE(3),
      ackedSeq: DataTypes.BIGINT.UNSIGNED,
      lastSeenAt: DataTypes.DATE(3),
      createdAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'device', updatedAt: false },
  );
