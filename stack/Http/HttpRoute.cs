// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// What answers requests for a path. Several routes may have the same path and different methods.
    /// </summary>
    internal sealed class HttpRoute
    {
        /// <summary>The path's bytes; names in braces stand for any segment.</summary>
        internal readonly byte[] Path;

        /// <summary>The methods that it answers.</summary>
        internal readonly HttpMethods Methods;

        /// <summary>How.</summary>
        internal readonly HttpOptions Options;

        /// <summary>What answers: a page, or null.</summary>
        internal readonly HttpPage Page;

        /// <summary>What answers: a handler, or null.</summary>
        internal readonly HttpHandler Handler;

        /// <summary>What answers: events, or null.</summary>
        internal readonly HttpEvents Events;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpRoute"/> class.
        /// </summary>
        /// <param name="path">The path's bytes.</param>
        /// <param name="methods">The methods that it answers.</param>
        /// <param name="options">How.</param>
        /// <param name="page">A page, or null.</param>
        /// <param name="handler">A handler, or null.</param>
        /// <param name="events">Events, or null.</param>
        internal HttpRoute(byte[] path, HttpMethods methods, HttpOptions options, HttpPage page, HttpHandler handler, HttpEvents events)
        {
            Path = path;
            Methods = (methods & HttpMethods.Get) != 0 ? methods | HttpMethods.Head : methods;
            Options = options;
            Page = page;
            Handler = handler;
            Events = events;
        }
    }
}
