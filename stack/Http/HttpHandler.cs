// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// Answers a request. It is called when the request's header is complete and, unless it reads it by itself, its body; and again after
    /// <see cref="HttpContext.Continue"/> whenever there is room for more. It must not wait, and must not keep the context.
    /// </summary>
    /// <param name="context">The request, and the way to answer it.</param>
    public delegate void HttpHandler(HttpContext context);
}
