import type { Application } from 'egg';
import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';
import type { MediaKind } from '../schema/media';

/** The content of media, stored once however often it was uploaded, and what was found out about it. */
export class MediaFileModel extends Model<InferAttributes<MediaFileModel>, InferCreationAttributes<MediaFileModel>> {
  /** SHA-256 of the bytes as uploaded, in hex; of what the version before has stored, the id of its medium */
  declare id: string;
  declare kind: MediaKind;
  declare mime: string;
  /** bytes, as stored */
  declare size: number;
  declare width: CreationOptional<number | null>;
  declare height: CreationOptional<number | null>;
  /** seconds */
  declare duration: CreationOptional<number | null>;
  declare blurhash: CreationOptional<string | null>;
  /** bytes; null: there is none */
  declare thumbnailSize: CreationOptional<number | null>;
  /** Since when it may be that no medium names it; null: one did when the purge has looked. */
  declare touchedAt: CreationOptional<Date | null>;
}

export default ({ model }: Application) =>
  class MediaFile extends MediaFileModel {}.init(
    {
      id: { type: DataTypes.CHAR(64), primaryKey: true },
      kind: DataTypes.STRING(8),
      mime: DataTypes.STRING(128),
      size: DataTypes.BIGINT.UNSIGNED,
      width: DataTypes.INTEGER.UNSIGNED,
      height: DataTypes.INTEGER.UNSIGNED,
      duration: DataTypes.DOUBLE,
      blurhash: DataTypes.STRING(64),
      thumbnailSize: DataTypes.INTEGER.UNSIGNED,
      touchedAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'media_file', timestamps: false },
  );
