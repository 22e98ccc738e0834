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

/** `blockedId` can not write to `userId`. */
export class BlockModel extends Model<InferAttributes<BlockModel>, InferCreationAttributes<BlockModel>> {
  declare userId: number;
  declare blockedId: number;
  declare createdAt: CreationOptional<Date>;
  declare blocked?: NonAttribute<UserModel>;
}

export default ({ model }: Application) =>
  class Block extends BlockModel {
    static associate(): void {
      this.belongsTo(model.User, { as: 'blocked', foreignKey: 'blockedId', constraints: false });
    }
  }.init(
    {
      userId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      blockedId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      createdAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'block', updatedAt: false },
  );
