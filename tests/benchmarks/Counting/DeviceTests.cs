// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.DeviceTests;

namespace Benchmarks;

/// <summary>
/// The tests for the device that count, run here: what they print can be held against what they print on nanoCLR. Runs in a
/// <see cref="CountedContext"/>.
/// </summary>
public static class DeviceTests
{
    /// <summary>Runs them.</summary>
    public static void Run()
    {
        IlCounter.Start();
        var exchanges = new CostTests();
        exchanges.IdlePoll();
        exchanges.IdlePollOfAWebServer();
        exchanges.InterfaceAlone();
        exchanges.ArpRequest();
        exchanges.Echo56();
        exchanges.Echo1472();
        exchanges.HttpGetOfCurl();
        exchanges.HttpGetOfABrowser();
        var bulk = new BulkCostTests();
        bulk.ReceiveIntoBytes();
        bulk.ReceiveInPlace();
        bulk.SendFromBytes();
        bulk.SendLaidOutWords();
        new HttpClientTests().WhatAGetTakes();
    }
}
