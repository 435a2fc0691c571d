/** For `addInitScript`: a browser that lacks a decoder, as far as a page can see. */
export function refuseCodec(codec: string): void {
  const isTypeSupported = MediaSource.isTypeSupported.bind(MediaSource);
  MediaSource.isTypeSupported = (type) => !type.includes(codec) && isTypeSupported(type);
  const decodingInfo = navigator.mediaCapabilities.decodingInfo.bind(navigator.mediaCapabilities);
  navigator.mediaCapabilities.decodingInfo = async (configuration) => {
    const info = await decodingInfo(configuration);
    const isRefused = configuration.video?.contentType.includes(codec) ?? false;
    return isRefused ? { ...info, supported: false, smooth: false, powerEfficient: false } : info;
  };
}
