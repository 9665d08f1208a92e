"""An XEP-0114 component: says hello to a remote echo service, answers every question, prints what comes."""
import hashlib, socket
from xml.etree.ElementTree import XMLPullParser
from xml.sax.saxutils import quoteattr

link = socket.create_connection(("127.0.0.1", 5347))
send = lambda text: link.sendall(text.encode())
send("<stream:stream xmlns='jabber:component:accept'"
     " xmlns:stream='http://etherx.jabber.org/streams' to='bot.example'>")
parser, depth = XMLPullParser(["start", "end"]), 0
while data := link.recv(65536):
    parser.feed(data)
    for event, element in parser.read_events():
        depth += 1 if event == "start" else -1
        kind = element.tag.split("}")[1]
        if event == "start" and depth == 1:
            key = element.get("id") + "a shared secret"
            send(f"<handshake>{hashlib.sha1(key.encode()).hexdigest()}</handshake>")
        elif event == "end" and depth == 1 and kind == "handshake":
            send("<message from='hello@bot.example' to='echo@partner.example' type='chat'>"
                 "<body>Hello there</body></message>")
        elif event == "end" and depth == 1 and element.get("from"):
            print(kind, element.get("type"), "from", element.get("from"), element.findtext("{*}body") or "", flush=True)
            if kind == "iq" and element.get("type") in ("get", "set"):
                send(f"<iq type='result' id={quoteattr(element.get('id'))} to={quoteattr(element.get('from'))}"
                     f" from={quoteattr(element.get('to'))}/>")
