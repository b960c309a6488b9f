// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using Firmware;

namespace HostTests.EndToEnd;

/// <summary>The page for people, in a browser.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class LivePageTests : IDisposable
{
    private const int MostWait = 3000;
    private const string State = "document.getElementById('s')?.textContent";
    private const string Ready = State + " == 'ready'";
    private const string UpTime = "document.getElementById('up').textContent";

    private const string LongestWait = "Math.ceil(Math.max(...['resource', 'navigation'].flatMap(t => performance.getEntriesByType(t)).map(e => e.duration)))";

    private readonly ForwardedBoard _board = new();

    public void Dispose() => _board.Dispose();

    [ToolFact(Chromium.Command)]
    public async Task It_changes_without_being_loaded_again_over_one_connection()
    {
        using (Chromium browser = await Chromium.StartAsync())
        {
            await browser.OpenAsync(_board.Run.Url, 390, 844, dark: false);
            await browser.WaitForAsync("document.getElementById('s')?.textContent == 'ready'");
            Assert.Equal(Board.PageTitle, await browser.EvaluateAsync("document.querySelector('h1').textContent"));

            // nothing is wider than the screen of a phone
            Assert.Equal("390", await browser.EvaluateAsync("'' + document.documentElement.scrollWidth"));
            uint connections = Application.Current.Http.Counters.Connections;
            string before = await browser.EvaluateAsync("document.getElementById('up').textContent");
            await browser.WaitForAsync($"document.getElementById('up').textContent != '{before}' && document.getElementById('g').children[2].getAttribute('d').length > 20");
            Assert.Contains("LISTEN", await browser.EvaluateAsync("document.getElementById('sockets').textContent"), StringComparison.Ordinal);

            await browser.EvaluateAsync("document.getElementById('led').click()");
            await browser.WaitForAsync("document.getElementById('led').getAttribute('aria-checked') == 'true'");
            Assert.True(_board.Run.Host.Hardware.Gpio.Level(Board.OutputPin));
            _board.Run.Host.Hardware.Gpio.Drive(Board.InputPin, false);
            await browser.WaitForAsync("document.getElementById('input').textContent == 'low'");
            await browser.EvaluateAsync("document.getElementById('led').click()");
            await browser.WaitForAsync("document.getElementById('led').getAttribute('aria-checked') == 'false'");
            Assert.False(_board.Run.Host.Hardware.Gpio.Level(Board.OutputPin));

            // a browser may open one in reserve at the start; nothing that the page does opens another
            Assert.Equal(connections, Application.Current.Http.Counters.Connections);
        }

        _board.AssertClean();
    }

    [ToolFact(Chromium.Command)]
    public async Task It_asks_for_numbers_and_for_all_the_rest_when_that_has_changed()
    {
        const string Asked = "performance.getEntriesByType('resource').filter(e => e.name.endsWith('{0}')).length";
        using (Chromium browser = await Chromium.StartAsync())
        {
            async Task<int> CountAsync(string path) => int.Parse(await browser.EvaluateAsync("'' + " + Asked.Replace("{0}", path)), CultureInfo.InvariantCulture);
            await browser.OpenAsync(_board.Run.Url, 1280, 800, dark: false);
            await browser.WaitForAsync(Ready);

            // the name and what a browser opens in reserve come in the first seconds
            Assert.True(Eventually.Is(() => Application.Current.Network.HasName));
            await Task.Delay(4000);
            int whole = await CountAsync(StatusApi.StatusPath);
            int numbers = await CountAsync(LiveStatus.LivePath);
            await Task.Delay(10_500);
            Assert.InRange(await CountAsync(StatusApi.StatusPath) - whole, 1, 2);
            Assert.InRange(await CountAsync(LiveStatus.LivePath) - numbers, 3, 5);

            // somebody comes: the table has him with the next numbers
            int rows = int.Parse(await browser.EvaluateAsync("'' + document.getElementById('sockets').rows.length"), CultureInfo.InvariantCulture);
            using System.Net.Sockets.Socket other = _board.Connect();
            await browser.WaitForAsync($"document.getElementById('sockets').rows.length > {rows}");
        }

        _board.AssertClean();
    }

    [ToolFact(Chromium.Command)]
    public async Task Five_tabs_live_side_by_side_and_none_waits()
    {
        using (Chromium browser = await Chromium.StartAsync())
        {
            BrowserTab[] tabs = [browser, .. await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => BrowserTab.OpenAsync(browser.Port)))];
            await Timely.IsAsync(MostWait, async () =>
            {
                await Task.WhenAll(tabs.Select(tab => tab.OpenAsync(_board.Run.Url, 390, 844, dark: false)));
                await Task.WhenAll(tabs.Select(tab => tab.WaitForAsync(Ready)));
                string[] before = await Task.WhenAll(tabs.Select(tab => tab.EvaluateAsync(UpTime)));
                for (int i = 0; i < 10; i++)
                {
                    await Task.Delay(1000);
                    Assert.All(await Task.WhenAll(tabs.Select(tab => tab.EvaluateAsync(State))), state => Assert.Equal("ready", state));
                }

                string[] after = await Task.WhenAll(tabs.Select(tab => tab.EvaluateAsync(UpTime)));
                Assert.All(before.Zip(after), pair => Assert.NotEqual(pair.First, pair.Second));
                return (await Task.WhenAll(tabs.Select(LongestWaitAsync))).Max();
            });

            // what one switches all see
            await tabs[4].EvaluateAsync("document.getElementById('led').click()");
            await Task.WhenAll(tabs.Select(tab => tab.WaitForAsync("document.getElementById('led').getAttribute('aria-checked') == 'true'")));
            Assert.True(_board.Run.Host.Hardware.Gpio.Level(Board.OutputPin));
            Array.ForEach(tabs[1..], tab => tab.Dispose());
        }

        _board.AssertClean();
    }

    [ToolFact(Chromium.Command)]
    public async Task Twenty_times_it_is_loaded_again_whether_it_was_there_or_not()
    {
        using (Chromium browser = await Chromium.StartAsync())
        {
            await browser.OpenAsync(_board.Run.Url, 1280, 800, dark: true);
            for (int i = 0; i < 20; i++)
            {
                await Timely.IsAsync(MostWait, async () =>
                {
                    await browser.WaitForAsync(Ready);
                    int longest = await LongestWaitAsync(browser);
                    await browser.EvaluateAsync("document.getElementById('s').textContent = ''");
                    await browser.ReloadAsync();
                    return longest;
                });
            }

            // somebody impatient
            await Timely.IsAsync(MostWait, async () =>
            {
                for (int i = 0; i < 20; i++)
                {
                    await browser.OpenAsync(_board.Run.Url, 1280, 800, dark: true);
                    await Task.Delay(7 * i);
                }

                await Task.Delay(500);
                await browser.WaitForAsync(Ready);
                return await LongestWaitAsync(browser);
            });
        }

        Assert.True(Eventually.Is(() => Application.Current.Http.Clients == 0));
        _board.AssertClean();
    }

    [ToolFact(Chromium.Command)]
    public async Task Its_pictures_are_taken_for_phone_and_desktop_light_and_dark()
    {
        using (Chromium browser = await Chromium.StartAsync())
        {
            foreach ((string name, int width, int height) in new[] { ("phone", 390, 844), ("desktop", 1280, 800) })
            {
                foreach (bool dark in new[] { false, true })
                {
                    await browser.OpenAsync(_board.Run.Url, width, height, dark);
                    await browser.WaitForAsync("document.getElementById('g')?.children[2].getAttribute('d')?.length > 20");
                    string background = await browser.EvaluateAsync("getComputedStyle(document.body).backgroundColor");
                    Assert.Equal(dark ? "rgb(15, 23, 22)" : "rgb(238, 242, 241)", background);
                    string picture = OutputFolder.PathOf($"live-{name}-{(dark ? "dark" : "light")}.png");
                    await browser.SaveAsync(picture);
                    Assert.InRange(new FileInfo(picture).Length, 5000, 200_000);
                }
            }
        }

        _board.AssertClean();
    }

    /// <summary>Milliseconds that the page and what it has asked for took.</summary>
    private static async Task<int> LongestWaitAsync(BrowserTab tab) => int.Parse(await tab.EvaluateAsync(LongestWait), CultureInfo.InvariantCulture);
}
