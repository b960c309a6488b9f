// Licensed under the MIT license. See LICENSE in the repository root.

using Firmware;

namespace HostTests.EndToEnd;

/// <summary>The page for people, in a browser.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class LivePageTests : IDisposable
{
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
}
