/** Of the table of settings: files that users upload, and where they are kept. */
export const media = {
  IM_MEDIA_URL_SECONDS: {
    value: '3600',
    about:
      'seconds for which the address of a file that comes with a message is good at least, and half as long again at most',
  },
  IM_FOREIGN_MEDIA: {
    value: 'off',
    about:
      '`on`: pictures, videos, voices and files of messages, and pictures of users and groups, may be at other hosts',
  },
  IM_MEDIA_DIR: {
    value: '.local/media',
    about:
      'directory of uploaded files, relative to the checkout, the same for all nodes; with `s3` of those that still come in',
  },
  IM_MEDIA_STORAGE: {
    value: 'local',
    about: 'where uploaded files are kept: `local`, in that directory; `s3`, in a bucket',
  },
  IM_S3_ENDPOINT: {
    value: '',
    about: 'address of a storage that speaks S3, with http(s)://; empty: Amazon’s, by the region',
  },
  IM_S3_REGION: { value: 'us-east-1', about: 'region of the bucket' },
  IM_S3_BUCKET: {
    value: '',
    about: 'the bucket, which is there already and is this service’s alone; required with `s3`',
  },
  IM_S3_ACCESS_KEY_ID: {
    value: '',
    about: 'who reads and writes there; empty: as the AWS SDK finds it, by the machine’s role for example',
  },
  IM_S3_SECRET_ACCESS_KEY: { value: '', about: 'the secret that belongs to it' },
  IM_MEDIA_IMAGE_MAX_BYTES: { value: '10485760', about: 'largest picture that may be uploaded' },
  IM_MEDIA_VIDEO_MAX_BYTES: { value: '26214400', about: 'largest video that may be uploaded' },
  IM_MEDIA_VOICE_MAX_BYTES: { value: '10485760', about: 'largest sound that may be uploaded' },
  IM_MEDIA_FILE_MAX_BYTES: { value: '104857600', about: 'largest file of any other kind that may be uploaded' },
  IM_MEDIA_PIXELS: {
    value: '67108864',
    about:
      'pixels that a picture may have, its frames together; what looks at one needs some ten bytes for each, of an AVIF twenty',
  },
  IM_MEDIA_UNFINISHED: { value: '20', about: 'uploads in parts that a user may have begun and not ended' },
  IM_MEDIA_UNFINISHED_BYTES: {
    value: '268435456',
    about: 'bytes that these will have when they are whole; what is not within a day goes',
  },
} as const;

/** The settings by the kinds of media whose files they bound. */
export const mediaMaxNames = {
  image: 'IM_MEDIA_IMAGE_MAX_BYTES',
  video: 'IM_MEDIA_VIDEO_MAX_BYTES',
  voice: 'IM_MEDIA_VOICE_MAX_BYTES',
  file: 'IM_MEDIA_FILE_MAX_BYTES',
} as const;
