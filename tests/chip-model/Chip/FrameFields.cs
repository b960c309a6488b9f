// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>What the hardware looks at in a frame: addresses, type, length.</summary>
internal static class FrameFields
{
    internal const int ControlType = 0x8808;

    internal static bool IsBroadcast(ReadOnlySpan<byte> frame)
    {
        for (int i = 0; i < 6; i++)
        {
            if (frame[i] != 0xFF)
            {
                return false;
            }
        }

        return true;
    }

    internal static bool IsControl(ReadOnlySpan<byte> frame) => TypeOf(frame) == ControlType;

    internal static int TypeOf(ReadOnlySpan<byte> frame) => frame.Length >= 14 ? (frame[12] << 8) | frame[13] : 0;

    /// <summary>A length field that is one and does not fit the data; short data may be padded to 46 bytes.</summary>
    internal static bool IsLengthWrong(int type, int dataLength) =>
        type <= 1500 && type != dataLength && !(type < 46 && dataLength == 46);
}
