// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;
using TcpIp.Http;
using TcpIp.Net.Sockets;

namespace HostTests.Repository;

/// <summary>Whoever uses the library wrongly is told what was wrong.</summary>
public class ExceptionTextTests
{
    [Fact]
    public void No_exception_is_thrown_without_a_word()
    {
        string[] silent = new[] { "stack", "drivers", "firmware" }.SelectMany(RepositoryFiles.Sources)
            .Where(source => Regex.IsMatch(File.ReadAllText(source), @"new \w+Exception\(\)"))
            .Select(RepositoryFiles.Relative)
            .ToArray();
        Assert.Empty(silent);
    }

    [Fact]
    public void Every_socket_error_has_words_of_its_own()
    {
        string[] words = Enum.GetValues<SocketError>().Select(SocketErrorText.Of).ToArray();
        Assert.Equal(words.Length, words.Distinct().Count());
        Assert.DoesNotContain(SocketErrorText.Of((SocketError)(-999)), words);
        foreach (SocketError error in Enum.GetValues<SocketError>())
        {
            Assert.Equal($"{SocketErrorText.Of(error)} (SocketError {(int)error})", new SocketException(error).Message);
        }
    }

    [Fact]
    public void An_argument_is_named()
    {
        Assert.Equal("capacities", Assert.Throws<ArgumentNullException>(() => new FramePool(null!, [1], WordOrder.LowByteFirst, 0, false)).ParamName);
        Assert.Equal("counts", Assert.Throws<ArgumentNullException>(() => new FramePool([60], null!, WordOrder.LowByteFirst, 0, false)).ParamName);
        Assert.Equal("sockets", Assert.Throws<ArgumentNullException>(() => new HttpServer(null!, WordOrder.LowByteFirst, 80, 1, [])).ParamName);
    }
}
