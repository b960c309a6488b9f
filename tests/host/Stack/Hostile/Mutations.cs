// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Hostile;

/// <summary>
/// Everything a machine does to a good frame: each byte changed in several ways, cut off at each place, each length a little wrong, with
/// checksums as they fall and with checksums put right so that the damage gets further in.
/// </summary>
internal static class Mutations
{
    private static readonly int[] s_patterns = [0xFF, 0x01, 0x80];

    public static IEnumerable<byte[]> Of(byte[] good)
    {
        bool ip = Wire.Get16(good, 12) == 0x0800;
        for (int i = 0; i < good.Length; i++)
        {
            foreach (int pattern in s_patterns)
            {
                byte[] changed = [.. good];
                changed[i] ^= (byte)pattern;
                yield return changed;
                if (ip && i >= FrameBuilder.IpStart)
                {
                    yield return FrameBuilder.Repair([.. changed]);
                }
            }

            yield return good[..i];
        }

        if (!ip)
        {
            yield break;
        }

        foreach (int by in new[] { -1000, -20, -9, -8, -4, -2, -1, 1, 2, 4, 8, 20, 1000 })
        {
            // the IP total length; and the frame cut off there, so that both agree
            byte[] longer = [.. good];
            Wire.Put16(longer, 16, Math.Clamp(Wire.Get16(good, 16) + by, 0, 65535));
            yield return longer;
            yield return FrameBuilder.Repair([.. longer]);
            yield return FrameBuilder.Repair(longer[..Math.Min(longer.Length, 14 + Wire.Get16(longer, 16))]);
        }

        int payload = FrameBuilder.IpStart + ((good[FrameBuilder.IpStart] & 15) * 4);
        for (int words = 0; words < 16; words++)
        {
            byte[] header = [.. good];
            header[FrameBuilder.IpStart] = (byte)((header[FrameBuilder.IpStart] & 0xF0) | words);
            yield return FrameBuilder.Repair(header);
            if (good[23] == 6 && good.Length > payload + 12)
            {
                byte[] offset = [.. good];
                offset[payload + 12] = (byte)((offset[payload + 12] & 0x0F) | (words << 4));
                yield return FrameBuilder.Repair(offset);
            }
        }

        for (int by = -2; by <= 2; by++)
        {
            if (good[23] == 17 && good.Length > payload + 8)
            {
                byte[] length = [.. good];
                Wire.Put16(length, payload + 4, Wire.Get16(good, payload + 4) + by);
                yield return FrameBuilder.Repair(length);
            }

            for (int at = payload + 20; at + 1 < good.Length && good[23] == 6 && at < payload + 40; at++)
            {
                // whatever stands there, it may be the length of an option
                byte[] option = [.. good];
                option[at] = (byte)(option[at] + by);
                yield return FrameBuilder.Repair(option);
            }
        }
    }
}
