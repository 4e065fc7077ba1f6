/**
 * Every address that may be requested from a camera, by make: pictures, the event streams and inputs that `drivers/` reads, and the ONVIF
 * services. From the makers' documents and their cameras' answers to GetSnapshotUri. Data only; `address-forms.ts` reads it.
 *
 * A form is a path, the required and the optional parts of the query. Text outside braces is literal; case does not matter.
 *
 *   {n}        a number                                {token}  a profile, a stream, a camera: letters, digits, `_`, `-`; in a query also `.`
 *   {size}     1280x720                                {login}  user or password, where the make has no other login
 *   {file}     the name of a file in a fixed folder    {folders} up to four folders below a fixed one
 *   {plated}   the same, with escaped bytes of Chinese letters (80 and above) in it
 *   {a|b}      one of these words
 *
 * A new form needs a picture address of a maker's document. None may end in a placeholder that selects an action.
 */

/** Path, required and optional parts of the query. */
export type PictureForm = readonly [path: string, must?: string, may?: string];

const SIZE = 'width={n}&height={n}';

export const PICTURE_FORMS: Readonly<Record<string, readonly PictureForm[]>> = {
  hikvision: [
    [
      '/{ISAPI/|PSIA/|}Streaming/channels/{n}/picture',
      '',
      'snapShotImageType=JPEG&videoResolutionWidth={n}&videoResolutionHeight={n}&{n}',
    ],
    ['/ISAPI/ContentMgmt/StreamingProxy/channels/{n}/picture', '', 'snapShotImageType=JPEG'],
    ['/ISAPI/Streaming/channels/{n}/httpPreview'],
    ['/onvif-http/snapshot', '', '{Media|}Profile{token}&Profile={token}&channel={n}'],
    ['/ISAPI/Event/notification/alertStream'],
    ['/ISAPI/Parking/channels/{n}/barrierGate/barrierGateStatus'],
    ['/ISAPI/System/IO/inputs/{n}/status'],
  ],
  dahua: [
    ['/cgi-bin/snapshot.cgi', '', 'channel={n}&subtype={n}&type={n}&{n}'],
    ['/onvifsnapshot/media_service/snapshot', '', 'channel={n}&subtype={n}'],
    ['/onvif/snapshot', '', 'channel={n}&subtype={n}&Profile={token}&ProfileToken={token}&token={token}&stream={n}'],
    ['/cgi-bin/mjpg/video.cgi', '', 'channel={n}&subtype={n}'],
    [
      '/cgi-bin/snapManager.cgi',
      'action=attachFileProc&channel={n}&heartbeat={n}&Flags[0]=Event&Events=[TrafficJunction]',
    ],
    ['/cgi-bin/eventManager.cgi', 'action=attach&codes=[TrafficJunction]&heartbeat={n}'],
    ['/cgi-bin/alarm.cgi', 'action=getInState'],
  ],
  axis: [
    [
      '/{axis-cgi|onvif-cgi}/{jpg|mjpg}/{image|video}.cgi',
      '',
      'resolution={size}&camera={n|quad}&compression={n}&rotation={n}&squarepixel={n}&color={n}&text={n}&date={n}&clock={n}&mirror={n}&fps={n}&overlays={all|text|image|application|off}&streamprofile={token}',
    ],
    ['/axis-cgi/bitmap/image.bmp', '', 'resolution={size}&camera={n}'],
    ['/jpg/{n}/image.jpg', '', 'resolution={size}&timestamp={n}'],
    ['/mjpg/{n}/video.mjpg', '', 'resolution={size}'],
    ['/mjpg/video.mjpg', '', 'resolution={size}'],
  ],
  uniview: [['/LAPI/V1.0/{Channel|Channels}/{n}/Media/Video/{Stream|Streams}/{n}/Snapshot'], ['/images/snapshot.jpg']],
  // Its other addresses come in a push: `imagePath`.
  vzenith: [
    ['/snapshot/lpr/{folders}{file}.{jpg|jpeg}'],
    ['/mmc/VzIPCCap/{file}/{plated}.{jpg|jpeg}'],
    ['/snapshot/{file}.{jpg|jpeg}'],
    ['/snapshot/{token}'],
  ],
  vivotek: [
    [
      '/cgi-bin/{viewer/|}{video|videoall|video{n}}.jpg',
      '',
      'channel={n}&resolution={size|n}&quality={n}&streamid={n}&size={n}',
    ],
    ['/{video|video{n}}.mjpg'],
  ],
  hanwha: [
    [
      '/stw-cgi/video.cgi',
      'msubmenu={snapshot|stream}&action=view',
      'Profile={n}&Channel={n}&Resolution={size}&CompressionLevel={n}&FrameRate={n}&CodecType=MJPEG',
    ],
    ['/cgi-bin/video.cgi', 'msubmenu=jpg', 'resolution={n}&profile={n}'],
  ],
  bosch: [
    ['/snap.jpg', '', 'JpegSize={XL|L|M|S|size|n}&JpegCam={n}&JpegQuality={n}&JpegDomain={n}&usr={login}&pwd={login}'],
  ],
  panasonic: [
    ['/SnapshotJPEG', '', 'Resolution={size}&Quality={Standard|Clarity|Motion}&View={token}'],
    ['/cgi-bin/camera', '', 'resolution={n}&page={n}&UID={n}'],
    ['/nphMotionJpeg', '', 'Resolution={size}&Quality={Standard|Clarity|Motion}'],
    ['/cgi-bin/{mjpeg|nphMotionJpeg}', '', 'resolution={n|size}&Quality={Standard|Clarity|Motion}&framerate={n}'],
  ],
  sony: [['/{oneshotimage|image}{n|}'], ['/oneshotimage.jpg'], ['/jpeg/{vga|qvga}.jpg']],
  canon: [
    ['/-wvhttp-01-/GetOneShot', '', 'image_size={size}&frame_count={n}'],
    ['/-wvhttp-01-/image.cgi', '', 'v=jpg:{size}'],
  ],
  mobotix: [
    ['/record/current.jpg'],
    [
      '/cgi-bin/{faststream|image}.jpg',
      '',
      'stream={full|half|mxg}&size={size}&quality={n}&fps={n}&imgprof={token}&camera={left|right|both}',
    ],
  ],
  acti: [
    ['/cgi-bin/{cmd/|}encoder', 'SNAPSHOT', 'USER={login}&PWD={login}&CHANNEL={n}'],
    ['/cgi-bin/{cmd/|}encoder', 'SNAPSHOT=N{size}', 'USER={login}&PWD={login}&CHANNEL={n}'],
    ['/cgi-bin/{cmd/|}encoder', 'SNAPSHOT=N{size},{n}', 'USER={login}&PWD={login}&CHANNEL={n}'],
  ],
  pelco: [['/jpeg', '', 'id={n}'], ['/jpeg/pull']],
  avigilon: [['/media/{still|cam{n}/still}.jpg', '', 'res={max|medium|min|full|half|size}']],
  arecont: [
    ['/image{n|}', '', 'res={full|half}&quality={n}&doublescan={n}&x0={n}&y0={n}&x1={n}&y1={n}&ssn={n}&fps={n}'],
  ],
  geovision: [['/PictureCatch.cgi', '', 'username={login}&password={login}&channel={n}']],
  grandstream: [['/snapshot/view{n}.jpg']],
  brickcom: [['/{cgi-bin/|}media.cgi', 'action=getSnapshot', 'channel={n}']],
  // TVT, Provision-ISR, and models with their firmware.
  tvt: [['/GetSnapshot{/{n}|}'], ['/GetSnapshotByTime/{n}']],
  // XM, iCSee, and models with their firmware.
  xiongmai: [['/webcapture.jpg', 'command=snap', 'channel={n}&user={login}&password={login}']],
  // Hi3510 and Hi3518 firmware: the empty part is theirs.
  hisilicon: [
    ['/cgi-bin/hi3510/snap.cgi', '', '&-getstream&-chn={n}&-usr={login}&-pwd={login}'],
    ['/{web/|}tmpfs/{file}.jpg', '', 'usr={login}&pwd={login}&{n}'],
  ],
  foscam: [
    ['/cgi-bin/CGIProxy.fcgi', 'cmd={snapPicture2|snapPicture}', 'usr={login}&pwd={login}&{n}'],
    [
      '/{snapshot|videostream}.cgi',
      '',
      'user={login}&pwd={login}&loginuse={login}&loginpas={login}&resolution={n}&rate={n}&channel={n}&chn={n}&size={n}&next_url={file}&{n}',
    ],
  ],
  reolink: [
    [
      '/cgi-bin/api.cgi',
      'cmd={Snap|onvifSnapPic}',
      'channel={n}&rs={token}&user={login}&password={login}&token={token}&width={n}&height={n}&snapType={main|sub}',
    ],
  ],
  dlink: [
    ['/image/jpeg.cgi', '', 'profileid={n}'],
    ['/dms', '', 'nowprofileid={n}'],
    ['/{video|mjpeg|video/mjpg}.cgi', '', 'profileid={n}'],
  ],
  trendnet: [
    ['/cgi{-bin|}/{jpg/image|mjpg/mjpeg|jpg/mjpeg}.cgi'],
    ['/img/snapshot.cgi', '', 'size={n}&quality={n}'],
    ['/img/video.mjpeg'],
  ],
  iqinvision: [['/now.jpg', '', 'snap=spush&ds={n}&res={token}']],
  ubiquiti: [['/snap.jpeg']],
  // Door stations: their picture only.
  doorbird: [['/bha-api/{image|video}.cgi'], ['/bha-api/history.cgi', 'index={n}', 'event={doorbell|motionsensor}']],
  '2n': [['/api/camera/snapshot', '', `${SIZE}&source={internal|external}&fps={n}`]],
  akuvox: [['/{picture|jpeg|video}.cgi']],
  // Programs that relay a camera's picture.
  go2rtc: [['/api/{frame.jpeg|stream.mjpeg}', 'src={token}', `${SIZE}&w={n}&h={n}&rotate={n}&cache={n}&{n}`]],
  frigate: [
    [
      '/api/{token}/latest.{jpg|jpeg|webp|png}',
      '',
      'h={n}&height={n}&quality={n}&bbox={n}&timestamp={n}&zones={n}&mask={n}&motion={n}&regions={n}&{n}',
    ],
  ],
  'home-assistant': [['/api/camera_proxy{_stream|}/camera.{token}', '', `token={token}&${SIZE}&time={n}`]],
  'blue-iris': [['/{image|mjpg}/{token}{.jpg|}', '', 'q={n}&s={n}&w={n}&h={n}&user={login}&pw={login}&{n}']],
  'agent-dvr': [
    ['/grab.jpg', '', 'oid={n}&ot={n}&size={size}&{n}'],
    ['/video.mjpg', '', 'oids={n}&size={size}'],
  ],
  zoneminder: [
    [
      '/{zm/|}cgi-bin/{nph-|}zms',
      'mode=single&monitor={n}',
      'scale={n}&maxfps={n}&rand={n}&token={token}&user={login}&pass={login}',
    ],
  ],
  motion: [
    ['/{n}/{current|stream}'],
    ['/picture/{n}/current{/|}', '', '_username={login}&_signature={token}&width={n}'],
  ],
  // ESP32-CAM: the maker's example, and esp32cam.
  'esp32-cam': [
    ['/{capture|jpg|stream|mjpeg|snapshot|image|bmp}', '', '_cb={n}&t={n}&{n}'],
    ['/{cam-hi|cam-mid|cam-lo|{size}}.{jpg|mjpeg}'],
  ],
  // MJPG-streamer, µStreamer, OctoPrint, IP Webcam of Android.
  'mjpg-streamer': [
    ['/{webcam/|}', 'action={snapshot|stream}', '{n}'],
    ['/{shot|photo|photoaf}.jpg', '', '{n}'],
    ['/video'],
  ],
  // Shared by most ONVIF firmwares and small cameras.
  common: [
    [
      '/{image|images|img|snapshot|snapshots|snap|capture|current|still|picture|pic|latest|live|last|frame|video|cam|camera|webcam|jpeg|jpg|now|view}.{jpg|jpeg}',
      '',
      `channel={n}&chn={n}&ch={n}&camera={n}&stream={n}&subtype={n}&size={n|size}&resolution={size}&quality={n}&q={n}&${SIZE}&w={n}&h={n}&user={login}&usr={login}&pwd={login}&password={login}&account={login}&t={n}&time={n}&rand={n}&{n}`,
    ],
    [
      '/{images|image|img|snapshot|snapshots|snap|jpg|jpeg|onvif|cgi-bin|media|webcam|cam|tmp|picture|pictures}/{file}.{jpg|jpeg}',
      '',
      'channel={n}&stream={n}&t={n}&{n}',
    ],
    [
      '/onvif/{snapshot|snapshot_uri|media_service/snapshot|snap|channel{n}/snapshot|snapshot/{token}}',
      '',
      'channel={n}&stream={n}&subtype={n}&profile={token}&token={token}',
    ],
    [
      '/cgi-bin/snapshot.cgi',
      '',
      'stream={n}&channel={n}&chn={n}&u={login}&p={login}&q={n}&user={login}&pwd={login}&loginuse={login}&loginpas={login}',
    ],
    [
      '/{snap|image|video|mjpeg|mjpg}.cgi',
      '',
      'channel={n}&chn={n}&stream={n}&resolution={size|n}&user={login}&pwd={login}&usr={login}',
    ],
    [
      '/snapshot',
      '',
      'channel={n}&subtype={n}&stream={n}&chn={n}&profile={token}&token={token}&u={login}&p={login}&{n}',
    ],
    ['/{video|videofeed|stream|live|video/mjpg|mjpg/stream}.{mjpg|mjpeg}', '', 'channel={n}&{n}'],
  ],
};

/** The only addresses that may receive a POST: the questions of `onvif.ts`. */
export const SERVICE_FORMS: readonly PictureForm[] = [
  ['/onvif/{device_service|media_service|media2_service|device|media|media2|services}'],
  ['/onvif/{Device|Media|Media2}Service'],
  ['/onvif/ver{n}/{device|media}{/wsdl|_service|}'],
  ['/onvif/{device|media}/wsdl'],
  ['/vapix/services'],
  ['/{device_service|media_service}'],
  ['/services/{device|media}'],
  // Of events, and of a pull point that the camera has made.
  ['/onvif/{event|events}{_service|}', '', 'token={token}&idx={token}'],
  ['/onvif/{event|events}{_service|}/{token}'],
  ['/onvif/{event|events}{_service|}/subscription/{token}'],
  ['/onvif/subscription', '', 'idx={token}'],
  ['/onvif/subscription/{token}'],
  ['/onvif/EventService'],
  ['/onvif/ver{n}/{event|events}{/wsdl|_service|}'],
  ['/{event|events}_service'],
  ['/{event|events}_service/{token}'],
  ['/services/{event|events}'],
];
