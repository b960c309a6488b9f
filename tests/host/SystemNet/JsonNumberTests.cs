// Licensed under the MIT license. See LICENSE in the repository root.

using HttpClientSample;

namespace HostTests.SystemNet;

/// <summary>What the sample with HttpClient reads out of an answer.</summary>
public sealed class JsonNumberTests
{
    [Theory]
    [InlineData("""{"interval":10}""", 10)]
    [InlineData("""{"interval":-7}""", -7)]
    [InlineData("""{"interval":2147483647}""", int.MaxValue)]
    [InlineData(" { \"a\" : [ 1 , { \"interval\" : 2 } ] ,\r\n\t\"interval\" : 3 , \"b\" : 4 } ", 3)]
    [InlineData("""{"a":"\"interval\":9","interval":1}""", 1)]
    [InlineData("""{"a":"interval","interval":5}""", 5)]
    [InlineData("""{"interval2":1,"interva":2,"interval":6}""", 6)]
    [InlineData("""{"a":"{","b":"]\\","interval":8}""", 8)]
    [InlineData("""{"a":"\"","interval":7}""", 7)]
    [InlineData("{\"interval\"\t:\r\n4\n}", 4)]
    public void A_number_of_the_outermost_object_is_found(string json, int expected)
    {
        Assert.True(JsonNumber.TryRead(json, "interval", out int value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{}""")]
    [InlineData("""{"interval":""")]
    [InlineData("""{"interval":1""")]
    [InlineData("""{"interval":}""")]
    [InlineData("""{"interval":-}""")]
    [InlineData("""{"interval":1-2}""")]
    [InlineData("""{"interval":1.5}""")]
    [InlineData("""{"interval":1e3}""")]
    [InlineData("""{"interval":"1"}""")]
    [InlineData("""{"interval":null}""")]
    [InlineData("""{"interval":2147483648}""")]
    [InlineData("""{"interval":99999999999999999999}""")]
    [InlineData("""{"a":{"interval":1}}""")]
    [InlineData("""{"a":"interval" }""")]
    [InlineData("""["interval",1]""")]
    [InlineData("\"interval\":1")]
    [InlineData("{\"interval")]
    [InlineData("{\"interval\\")]
    [InlineData("{\"interv\\")]
    [InlineData("""<p>interval: 1</p>""")]
    public void Anything_else_is_not(string json)
    {
        Assert.False(JsonNumber.TryRead(json, "interval", out int value));
        Assert.Equal(0, value);
    }
}
