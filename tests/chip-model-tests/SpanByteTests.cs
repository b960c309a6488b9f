// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

public class SpanByteTests
{
    [Fact]
    public void WindowsOnAnArray()
    {
        byte[] array = [0, 1, 2, 3, 4];
        SpanByte window = new(array, 1, 3);
        Assert.Equal(3, window.Length);
        Assert.Equal(2, window[1]);
        window[1] = 9;
        Assert.Equal(9, array[2]);
        Assert.Equal<byte>([9, 3], window.Slice(1).ToArray());
        Assert.Equal<byte>([9], window.Slice(1, 1).ToArray());
        SpanByte target = new byte[4];
        window.CopyTo(target);
        Assert.Equal<byte>([1, 9, 3, 0], target.ToArray());
        Assert.True(SpanByte.Empty.IsEmpty);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpanByte(array, 3, 3).Length);
        Assert.Throws<IndexOutOfRangeException>(() => new SpanByte(array, 1, 2)[2]);
    }
}
