// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Sockets;

/// <summary>The room of a view, to its last byte.</summary>
public sealed class SendViewTests : StackTest
{
    private readonly SendView _view = new();

    [Theory]
    [InlineData("byte", "A")]
    [InlineData("16 bits", "AB")]
    [InlineData("32 bits", "ABCE")]
    [InlineData("decimal", "-10")]
    [InlineData("decimal", "9")]
    [InlineData("decimal", "0")]
    [InlineData("bytes", "abc")]
    [InlineData("words", "abc")]
    [InlineData("words", "abcd")]
    public void What_just_fits_is_written_and_one_byte_more_changes_nothing(string kind, string text)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        foreach (int before in new[] { 0, 1, 2, 3 })
        {
            string start = "xyz"[..before];
            Assert.Equal(before + text.Length, net.Sockets.Reserve(socket, before + text.Length, _view));
            Assert.Equal(before, _view.Write(System.Text.Encoding.ASCII.GetBytes(start), 0, before));
            Assert.Equal(text.Length, Write(kind, text));
            Assert.Equal((int)SocketError.NoBufferSpace, _view.WriteByte('!'));
            Assert.Equal(before + text.Length, net.Sockets.Commit(socket, _view.Written));
            peer.Expect("PA", text: start + text);
            peer.Send("A");

            Assert.Equal(before + text.Length, net.Sockets.Reserve(socket, before + text.Length, _view));
            Assert.Equal(before, _view.Write(System.Text.Encoding.ASCII.GetBytes(start), 0, before));
            Assert.Equal(1, _view.WriteByte('1'));
            Assert.Equal((int)SocketError.NoBufferSpace, Write(kind, text));
            Assert.Equal(before + 1, _view.Written);
            Assert.Equal(before + 1, net.Sockets.Commit(socket, _view.Written));
            peer.Expect("PA", text: start + "1");
            peer.Send("A");
        }
    }

    [Theory, BothOrders]
    public void Text_is_UTF8_wherever_it_begins_and_as_much_of_it_as_fits(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect(order);
        foreach (string text in new[] { "", "a", "ab", "abc", "abcdefg", "ab\u00E9cd", "a\u20ACbcd", "\u00E9abc", "abc\uD83D\uDE00de", "ab\u007Fcd", "a\u0080b" })
        {
            for (int before = 0; before < 3; before++)
            {
                for (int from = 0; from <= text.Length; from++)
                {
                    for (int room = 0; room < 12; room++)
                    {
                        // as many whole characters as fit
                        int taken = from;
                        while (taken < text.Length && !char.IsLowSurrogate(text[from]))
                        {
                            int next = taken + (char.IsHighSurrogate(text[taken]) ? 2 : 1);
                            if (System.Text.Encoding.UTF8.GetByteCount(text[from..next]) > room)
                            {
                                break;
                            }

                            taken = next;
                        }

                        if (from < text.Length && char.IsLowSurrogate(text[from]))
                        {
                            continue;
                        }

                        Assert.Equal(before + room + 1, net.Sockets.Reserve(socket, before + room + 1, _view));
                        _view.KeepFree(1);
                        Assert.Equal(before, _view.Write("xyz"u8.ToArray(), 0, before));
                        Assert.Equal(taken - from, _view.WriteText(text, from));
                        byte[] expected = System.Text.Encoding.UTF8.GetBytes("xyz"[..before] + text[from..taken]);
                        Assert.Equal(expected.Length, _view.Written);
                        _view.KeepFree(0);
                        Assert.Equal(1, _view.WriteByte('!'));
                        Assert.Equal(expected.Length + 1, net.Sockets.Commit(socket, _view.Written));
                        Assert.Equal([.. expected, (byte)'!'], peer.Expect("PA").Text);
                        peer.Send("A");
                    }
                }
            }
        }
    }

    [Fact]
    public void A_part_of_an_array_that_cannot_be_is_refused()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        Assert.Equal(9, net.Sockets.Reserve(socket, 9, _view));
        byte[] bytes = [1, 2, 3];
        Assert.Equal((int)SocketError.InvalidArgument, _view.Write(bytes, 0, -1));
        Assert.Equal((int)SocketError.InvalidArgument, _view.Write(bytes, -1, 1));
        Assert.Equal((int)SocketError.InvalidArgument, _view.Write(bytes, 1, 3));
        Assert.Equal((int)SocketError.InvalidArgument, _view.Write(null!, 0, 0));
        Assert.Equal(0, _view.Written);
        Assert.Equal(2, _view.Write(bytes, 1, 2));
        Assert.Equal(2, net.Sockets.Commit(socket, 2));
        Assert.Equal([2, 3], peer.Expect("PA").Text);
        peer.Send("A");
    }

    private int Write(string kind, string text) => kind switch
    {
        "byte" => _view.WriteByte(text[0]),
        "16 bits" => _view.WriteUInt16((text[0] << 8) | text[1]),
        "32 bits" => _view.WriteUInt32(((uint)text[0] << 24) | ((uint)text[1] << 16) | ((uint)text[2] << 8) | text[3]),
        "decimal" => _view.WriteDecimal(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)),
        "bytes" => _view.Write(System.Text.Encoding.ASCII.GetBytes("<" + text + ">"), 1, text.Length),
        _ => _view.Write(new WordBuffer(text, WordOrder.LowByteFirst)),
    };
}
