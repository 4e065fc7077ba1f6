/** Addresses that open, switch, move, set or restart something with one GET, by make, as their documents or their users have them. */
export const OPENERS: readonly string[] = [
  // Door stations.
  '/bha-api/open-door.cgi?r=1', // DoorBird
  '/bha-api/open-door.cgi',
  '/bha-api/light-on.cgi',
  '/bha-api/restart.cgi',
  '/api/switch/ctrl?switch=1&action=on', // 2N
  '/api/switch/ctrl?switch=1&action=trigger&response=absOK',
  '/api/io/ctrl?port=relay1&action=on',
  '/enu/trigger/open',
  '/api/accesspoint/grantaccess?id=1',
  '/fcgi/do?action=OpenDoor&UserName=admin&Password=admin&DoorNum=1', // Akuvox
  '/fcgi/OpenDoor?action=OpenDoor&UserName=api&Password=api&DoorNum=1',
  '/cgi-bin/ConfigManApp.com?key=F_LOCK', // Fanvil
  '/cgi-bin/ConfigManApp.com?key=OpenDoor',
  '/goform/apicmd?cmd=1&user=admin&authcode=1&type=1', // Grandstream GDS
  '/command.cgi?cmd=open', // Vimar, Elvox
  '/webrelay/api/dooropen.cgi',
  // Switches and relays.
  '/rpc/Switch.Set?id=0&on=true', // Shelly
  '/rpc/Switch.Toggle?id=0',
  '/rpc/Cover.Open?id=0',
  '/relay/0?turn=on',
  '/roller/0?go=open',
  '/cm?cmnd=Power%20On', // Tasmota
  '/cm?cmnd=Power1+TOGGLE',
  '/cm?user=admin&password=x&cmnd=Backlog%20Power1%201',
  '/control?cmd=GPIO,12,1', // ESP Easy
  '/control?cmd=Pulse,12,1,500',
  '/io.cgi?DOA1=5', // ETH008
  '/io.cgi?DOI1',
  '/FF0101', // KMTronic
  '/relays.cgi?relay=1',
  '/outs.cgi?out0=1', // Netio, LAN controllers
  '/state.xml?relayState=1', // ControlByWeb
  '/state.xml?relay1State=2&pulseTime1=1',
  '/current_state.json?pw=admin&Relay1=1', // Denkovi
  '/30000/01', // HLK, USR and their like
  '/dscript.cgi?V1=1',
  '/leds.cgi?led=1',
  '/set.cmd?cmd=setpower+p61=1', // Aviosys
  '/outlet?1=ON', // Digital Loggers
  '/dev/sps/io/Tor/pulse', // Loxone
  '/cc?dkey=x&open=1', // OpenGarage
  '/cc?dkey=x&click=1',
  '/open',
  '/close',
  '/cycle',
  '/gate/open',
  '/relay?on=1',
  '/relay1/on',
  '/5/on',
  '/gpio/1',
  '/digital/5/1', // aREST
  '/arduino/digital/13/1',
  '/switch/garage/turn_on', // ESPHome
  '/cover/gate/open',
  '/light/relay/toggle',
  '/json.htm?type=command&param=switchlight&idx=1&switchcmd=On', // Domoticz
  '/fhem?cmd=set%20Gate%20on',
  '/rest/items/Gate?command=ON',
  '/api/services/switch/turn_on?entity_id=switch.gate',
  '/api/webhook/open-gate',
  '/devices/215596/command/2', // CAME Connect
  // Cameras.
  '/cgi-bin/dido/setdo.cgi?do1=1', // Vivotek
  '/cgi-bin/dido/setdo.cgi?do1=h&return=/index.html',
  '/cgi-bin/viewer/setdo.cgi?do1=1',
  '/cgi-bin/camctrl/camctrl.cgi?move=home',
  '/axis-cgi/virtualinput/activate.cgi?schemaversion=1&port=1', // Axis
  '/axis-cgi/virtualinput/deactivate.cgi?schemaversion=1&port=1',
  '/axis-cgi/io/port.cgi?action=1:/300%5C',
  '/axis-cgi/io/port.cgi?action=1%3A%2F',
  '/axis-cgi/io/output.cgi?action=1:/',
  '/axis-cgi/io/virtualinput.cgi?action=6:/',
  '/axis-cgi/io/lightcontrol.cgi?action=L1:-100',
  '/axis-cgi/param.cgi?action=update&IOPort.I0.Output.Active=open',
  '/axis-cgi/com/ptz.cgi?move=home',
  '/axis-cgi/restart.cgi',
  '/vapix/doorcontrol?AccessDoor=1',
  '/control/rcontrol?action=sigout&profile=~Door', // Mobotix
  '/control/rcontrol?action=putrs232&rs232outtext=open',
  '/control/rcontrol?action=sound&soundfile=x',
  '/control/event?output=signal_out',
  '/cgi-bin/cmd/encoder?DIO_OUTPUT=0x01', // ACTi
  '/cgi-bin/encoder?USER=Admin&PWD=123456&DIO_OUTPUT=0x01',
  '/cgi-bin/cmd/system?SAVE_REBOOT',
  '/ISAPI/AccessControl/RemoteControl/door/1', // Hikvision
  '/ISAPI/AccessControl/RemoteControl/door/1?cmd=open',
  '/ISAPI/System/IO/outputs/1/trigger',
  '/ISAPI/System/IO/outputs/1',
  '/ISAPI/Parking/channels/1/barrierGate',
  '/ISAPI/Parking/channels/1/barrierGate/barrierGateStatus?x=1&mode=open/barrierGate',
  '/ISAPI/Traffic/channels/1/barrierControl',
  '/ISAPI/PTZCtrl/channels/1/presets/1/goto',
  '/ISAPI/System/reboot',
  '/PSIA/System/IO/outputs/1/trigger',
  '/cgi-bin/trafficSnap.cgi?action=openStrobe&channel=1', // Dahua
  '/cgi-bin/trafficSnap.cgi?action=openStrobe&channel=1&info.openType=Normal&info.plateNumber=0',
  '/cgi-bin/trafficSnap.cgi?action=%6fpen%53trobe',
  '/cgi-bin/trafficSnap.cgi?action=%256fpen%2553trobe',
  '/cgi-bin/trafficSnap.cgi?action=closeStrobe&channel=1',
  '/cgi-bin/accessControl.cgi?action=openDoor&channel=1&UserID=101&Type=Remote',
  '/cgi-bin/accessControl.cgi?action=closeDoor&channel=1',
  '/cgi-bin/configManager.cgi?action=setConfig&AlarmOut[0].Mode=1',
  '/cgi-bin/recordUpdater.cgi?action=insert&name=TrafficRedList',
  '/cgi-bin/alarm.cgi?action=setOutState&channel=1',
  '/cgi-bin/coaxialControlIO.cgi?action=control&channel=1&info[0].Type=1&info[0].IO=1',
  '/cgi-bin/magicBox.cgi?action=reboot',
  '/cgi-bin/ptz.cgi?action=start&channel=1&code=GotoPreset&arg1=0&arg2=1&arg3=0',
  '/LAPI/V1.0/IO/Outputs/1/Status', // Uniview
  '/LAPI/V1.0/Channels/0/IO/OutputSwitches/1/Trigger',
  '/LAPI/V1.0/ParkingLots/Barriers/1/Open',
  '/LAPI/V1.0/System/Reboot',
  '/gpio.cgi?io=0&value=2&delay=500', // Vzenith
  '/cgi-bin/gpio?cmd=ioctl&io=0&value=2',
  '/ioctl?io=0&value=2&delay=500',
  '/vb.htm?setgpio=1',
  '/stw-cgi/io.cgi?msubmenu=alarmoutput&action=control&AlarmOutput.1=On', // Hanwha
  '/stw-cgi/eventactions.cgi?msubmenu=manualtrigger&action=control',
  '/rcp.xml?command=0x01c1&type=F_FLAG&direction=WRITE&num=1&payload=1', // Bosch
  '/cgi-bin/CGIProxy.fcgi?cmd=openInfraLed&usr=a&pwd=b', // Foscam
  '/cgi-bin/CGIProxy.fcgi?cmd=rebootSystem&usr=a&pwd=b',
  '/decoder_control.cgi?command=94&user=a&pwd=b',
  '/cgi-bin/api.cgi?cmd=Reboot&token=x', // Reolink
  '/cgi-bin/api.cgi?cmd=Snap&cmd=Reboot&token=x',
  '/cgi-bin/hi3510/ptzctrl.cgi?-step=0&-act=home',
  '/cgi-bin/hi3510/param.cgi?cmd=setioattr&-io_enable=1',
  '/nphControlCamera?Direction=Preset&PresetOperation=Move&Data=1', // Panasonic
  '/cgi-bin/camctrl?preset=1',
  '/cgi-bin/alarmout?output=1',
  '/command/alarmout.cgi?AlarmOut1=1', // Sony
  '/command/ptzf.cgi?Move=up,0',
  '/-wvhttp-01-/control.cgi?o=1', // Canon
  '/set?daynight=night', // Arecont
  '/action?cmd=pulse&out=1',
  '/dms?command=open',
  '/cgi/dido.cgi?do=1', // D-Link, TrendNet
  '/dev/gpioCtrl.cgi?out1=1',
  '/setGPIO?gpio=1&value=1',
  '/webcapture.jpg?command=reboot&channel=1', // XM
  // Programs.
  '/api/streams?src=gate&dst=exec:open', // go2rtc
  '/api/frame.jpeg?src=exec:open_gate',
  '/api/exit?code=0',
  '/api/restart',
  '/0/action/snapshot', // Motion
  '/1/config/set?on_event_start=open',
  '/control?var=framesize&val=5', // ESP32-CAM
  '/led?intensity=255',
  '/?action=command&id=1', // MJPG-streamer
  '/admin?trigger&camera=gate', // Blue Iris
  '/command.cgi?cmd=trigger&ot=1', // Agent DVR
  '/zm/api/monitors/alarm/id:1/command:on.json',
  '/enabletorch', // IP Webcam
  '/settings/ffc?set=on',
];
