/* A photograph is made as small as the site keeps it before it is sent: on a poor line that saves minutes, and where
   and with what it was taken stays on the device. */

/* What the site keeps fits into this (storage/reencode.py). */
const WIDTH = 1920;
const HEIGHT = 3840;
const QUALITY = 0.9;
/* Smaller files are sent as they are; larger ones may ask for more memory than a simple phone has. */
const WORTH = 700_000;
const MOST = 12_000_000;

/* Browsers that guard against being recognised hand out noise instead of what was drawn. */
function drawsTruly() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 8;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#123456";
  pen.fillRect(0, 0, 8, 8);
  const { data } = pen.getImageData(0, 0, 8, 8);
  return data.every((value, i) => value === [0x12, 0x34, 0x56, 0xff][i % 4]);
}

function drawn(picture) {
  const scale = Math.min(1, WIDTH / picture.width, HEIGHT / picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** A smaller file of the same photograph, upright; the file itself where none is to be had. */
export async function shrunk(file) {
  if (file.type !== "image/jpeg" || file.size < WORTH || file.size > MOST) return file;
  try {
    if (!drawsTruly()) return file;
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const canvas = drawn(picture);
    picture.close();
    const made = await new Promise((say) => { canvas.toBlob(say, "image/jpeg", QUALITY); });
    return made && made.size < file.size ? new File([made], file.name, { type: made.type }) : file;
  } catch {
    return file;
  }
}
