import type { Application } from 'egg';
import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
} from 'sequelize';
import type { MediaFileModel } from './media_file';

/** A user's upload of a content, and when it was last used in a message or a profile: a day before it was made when never. */
export class MediaModel extends Model<InferAttributes<MediaModel>, InferCreationAttributes<MediaModel>> {
  declare id: string;
  declare app: string;
  declare userId: number;
  declare name: CreationOptional<string | null>;
  /** Null where the version before has stored it, under the medium's own id, and no purge has come since. */
  declare fileId: CreationOptional<string | null>;
  declare isPublic: CreationOptional<boolean>;
  declare size: number;
  declare mime: string;
  declare createdAt: CreationOptional<Date>;
  declare lastUsedAt: Date;
  declare file?: NonAttribute<MediaFileModel | null>;
}

export default ({ model }: Application) =>
  class Media extends MediaModel {
    static associate(): void {
      this.belongsTo(model.MediaFile, { as: 'file', foreignKey: 'fileId', constraints: false });
    }
  }.init(
    {
      id: { type: DataTypes.CHAR(22), primaryKey: true },
      app: DataTypes.STRING(32),
      userId: DataTypes.BIGINT.UNSIGNED,
      name: DataTypes.STRING,
      fileId: DataTypes.CHAR(64),
      isPublic: { type: DataTypes.BOOLEAN, defaultValue: false },
      size: DataTypes.BIGINT.UNSIGNED,
      mime: DataTypes.STRING(128),
      createdAt: DataTypes.DATE(3),
      lastUsedAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'media', updatedAt: false },
  );
