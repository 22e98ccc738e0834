import type { Application } from 'egg';
import { DataTypes, Model, type InferAttributes, type InferCreationAttributes } from 'sequelize';

/** The one row, `id` 1, that says which history the streams are part of. Renewed by an operator who restores a backup. */
export class StreamEpochModel extends Model<
  InferAttributes<StreamEpochModel>,
  InferCreationAttributes<StreamEpochModel>
> {
  declare id: number;
  declare epoch: string;
}

export default ({ model }: Application) =>
  class StreamEpoch extends StreamEpochModel {}.init(
    { id: { type: DataTypes.TINYINT.UNSIGNED, primaryKey: true }, epoch: DataTypes.CHAR(36) },
    { sequelize: model, tableName: 'stream_epoch', timestamps: false },
  );
