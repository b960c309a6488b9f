// Licensed under the MIT license. See LICENSE in the repository root.

using Firmware;
using Samples;
using TcpIp;
using TcpIp.Http;

namespace RestServer
{
    /// <summary>
    /// A tiny REST server: values that can be listed, read, set and deleted, as JSON; and two routes that give back what they get.
    /// </summary>
    public static class Program
    {
        private const int Clients = 4;
        private const int LongestForm = 1024;

        /// <summary>
        /// The entry point. From the first request on nothing is allocated.
        /// </summary>
        public static void Main()
        {
            StackRunner runner;
            Network network = SampleBoard.Begin(StackConfiguration.ForClients(Clients), Board.HttpPort, out runner);
            HttpLimits limits = new HttpLimits() { Connections = Clients, StoredBytes = LongestForm + 256 };
            HttpServer server = new HttpServer(network.Stack.Sockets, network.Stack.Pool.Order, Board.HttpPort, limits);
            server.Add(new HttpDocument("/", "text/plain; charset=utf-8", Routes, network.Stack.Pool.Order));
            server.Add(HttpMethods.Get, "/api/values", Values.List, HttpOptions.CrossOrigin);
            server.Add(HttpMethods.Get, "/api/values/{id}", Values.Show, HttpOptions.CrossOrigin);
            server.Add(HttpMethods.Put, "/api/values/{id}", Values.Set, HttpOptions.CrossOrigin);
            server.Add(HttpMethods.Delete, "/api/values/{id}", Values.Delete, HttpOptions.CrossOrigin);
            server.Add(HttpMethods.Post, "/echo", Echo.Answer, HttpOptions.StreamsBody);
            server.Add(HttpMethods.Post, "/form", Form.Answer, HttpOptions.Form);
            runner.Background = new IBackgroundWork[] { network, server };
            runner.Wait(StackRunner.Forever);
        }

        private const string Routes =
            "GET /api/values            all values, as JSON\n"
            + "GET /api/values/0..7       one of them\n"
            + "PUT /api/values/0..7       sets it: a whole number as the body\n"
            + "DELETE /api/values/0..7    forgets it\n"
            + "POST /echo                 answers the body\n"
            + "POST /form                 answers name=value, a line each\n";
    }
}
