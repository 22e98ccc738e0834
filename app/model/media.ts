import type { Application } from 'egg';
import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';

/** An uploaded file, and when it was last used in a message or a profile: a day before it was made when never. */
export class MediaModel extends Model<InferAttributes<MediaModel>, InferCreationAttributes<MediaModel>> {
  declare id: string;
  declare app: string;
  declare userId: number;
  declare name: CreationOptional<string | null>;
  declare size: number;
  declare mime: string;
  declare createdAt: CreationOptional<Date>;
  declare lastUsedAt: Date;
}

export default ({ model }: Application) =>
  class Media extends MediaModel {}.init(
    {
      id: { type: DataTypes.CHAR(22), primaryKey: true },
      app: DataTypes.STRING(32),
      userId: DataTypes.BIGINT.UNSIGNED,
      name: DataTypes.STRING,
      size: DataTypes.BIGINT.UNSIGNED,
      mime: DataTypes.STRING(128),
      createdAt: DataTypes.DATE(3),
      lastUsedAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'media', updatedAt: false },
  );
