import type { Application } from 'egg';
import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';

/** A deleted user of whom something may be left, the account's name at least; `doneAt` is when all but that was found gone. */
export class DeletedUserModel extends Model<
  InferAttributes<DeletedUserModel>,
  InferCreationAttributes<DeletedUserModel>
> {
  declare userId: number;
  declare app: string;
  declare deletedAt: Date;
  declare doneAt: CreationOptional<Date | null>;
}

export default ({ model }: Application) =>
  class DeletedUser extends DeletedUserModel {}.init(
    {
      userId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      app: DataTypes.STRING(32),
      deletedAt: DataTypes.DATE(3),
      doneAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'deleted_user', timestamps: false },
  );
