import type { Application } from 'egg';
import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';

/** `blockedId` can not write to `userId`. */
export class BlockModel extends Model<InferAttributes<BlockModel>, InferCreationAttributes<BlockModel>> {
  declare userId: number;
  declare blockedId: number;
  declare createdAt: CreationOptional<Date>;
}

export default ({ model }: Application) =>
  class Block extends BlockModel {}.init(
    {
      userId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      blockedId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      createdAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'block', updatedAt: false },
  );
