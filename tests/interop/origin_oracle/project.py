# SPDX-License-Identifier: Apache-2.0
"""A small Django project with the origin's routes, made of Django REST framework and SimpleJWT as their documentation shows: what an origin answers.

Started by origin_test.cpp with a folder for its database as argument. Listens on loopback, writes its address into <folder>/address, and ends when
its standard input does.
"""

import os
import pathlib
import sys
import threading
from datetime import timedelta

import django
from django.conf import settings

folder = pathlib.Path(sys.argv[1])
settings.configure(
    SECRET_KEY="only for this test",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "rest_framework_simplejwt"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "oracle.db")}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    TIME_ZONE="UTC",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    AUTH_PASSWORD_VALIDATORS=[
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
    ],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
        "PAGE_SIZE": 10,
    },
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.contrib.auth.password_validation import validate_password  # noqa: E402
from django.core.exceptions import ValidationError as DjangoValidationError  # noqa: E402
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.shortcuts import get_object_or_404  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import exceptions, generics, permissions, serializers, throttling, views  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken  # noqa: E402
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView, TokenVerifyView  # noqa: E402


class Group(models.Model):
    name = models.CharField(max_length=255, unique=True)

    class Meta:
        app_label = "oracle"
        verbose_name = "group"


class Membership(models.Model):
    group = models.ForeignKey(Group, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)

    class Meta:
        app_label = "oracle"


class Message(models.Model):
    sender = models.ForeignKey(User, on_delete=models.CASCADE)
    group = models.ForeignKey(Group, on_delete=models.CASCADE)
    message = models.TextField()
    timestamp = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "oracle"
        ordering = ["-id"]


class RegisterSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "username", "email", "password"]
        extra_kwargs = {"password": {"write_only": True}}

    def validate(self, attrs):
        try:
            validate_password(attrs["password"], User(**attrs))
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": error.messages})
        return attrs

    def create(self, validated_data):
        return User.objects.create_user(**validated_data)


class Register(generics.CreateAPIView):
    serializer_class = RegisterSerializer
    permission_classes = [permissions.AllowAny]
    authentication_classes = []


class GroupSerializer(serializers.ModelSerializer):
    class Meta:
        model = Group
        fields = ["id", "name"]


class CreateGroup(generics.GenericAPIView):
    serializer_class = GroupSerializer

    def post(self, request):
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        group = serializer.save()
        Membership.objects.create(group=group, user=request.user)
        return Response({"message": "Group created successfully", "group_id": group.id})


class JoinGroup(views.APIView):
    def post(self, request, group_id):
        Membership.objects.get_or_create(group=get_object_or_404(Group, id=group_id), user=request.user)
        return Response({"message": "Joined group successfully"})


class LeaveGroup(views.APIView):
    def post(self, request, group_id):
        Membership.objects.filter(group=get_object_or_404(Group, id=group_id), user=request.user).delete()
        return Response({"message": "Left group successfully"})


class MessageSerializer(serializers.ModelSerializer):
    receiver_user = serializers.ReadOnlyField(default=None)
    receiver_group = serializers.IntegerField(source="group_id")
    file = serializers.ReadOnlyField(default=None)

    class Meta:
        model = Message
        fields = ["id", "sender", "receiver_user", "receiver_group", "message", "file", "timestamp"]


class Messages(generics.ListAPIView):
    serializer_class = MessageSerializer

    def get_queryset(self):
        group = get_object_or_404(Group, id=self.kwargs["group_id"])
        if not Membership.objects.filter(group=group, user=self.request.user).exists():
            raise exceptions.PermissionDenied()
        return Message.objects.filter(group=group)


class OnceAnHour(throttling.SimpleRateThrottle):
    scope, rate = "once", "1/hour"

    def get_cache_key(self, request, view):
        return "everybody"


class Throttled(views.APIView):
    permission_classes = [permissions.AllowAny]
    throttle_classes = [OnceAnHour]

    def get(self, request):
        return Response({})


class Post(views.APIView):
    """What the origin's socket did: stores a message."""

    def post(self, request, group_id):
        Message.objects.create(sender=request.user, group_id=group_id, message=request.data["text"])
        return Response({}, status=201)


class Expired(views.APIView):
    """A pair of tokens whose time is over."""

    permission_classes = [permissions.AllowAny]

    def get(self, request):
        tokens = {"access": AccessToken(), "refresh": RefreshToken()}
        for token in tokens.values():
            token["user_id"] = 1
            token.set_exp(lifetime=-timedelta(hours=1))
        return Response({name: str(token) for name, token in tokens.items()})


urlpatterns = [
    path("api/users/register/", Register.as_view()),
    path("api/token/", TokenObtainPairView.as_view()),
    path("api/token/refresh/", TokenRefreshView.as_view()),
    path("api/token/verify/", TokenVerifyView.as_view()),
    path("api/groups/create/", CreateGroup.as_view()),
    path("api/groups/<int:group_id>/join/", JoinGroup.as_view()),
    path("api/groups/<int:group_id>/leave/", LeaveGroup.as_view()),
    path("api/chat/messages/<int:group_id>/", Messages.as_view()),
    path("oracle/post/<int:group_id>/", Post.as_view()),
    path("oracle/expired/", Expired.as_view()),
    path("oracle/throttled/", Throttled.as_view()),
]


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args):
        pass

    def get_environ(self):
        environ = super().get_environ()
        if self.headers.get("content-type") is None:
            environ["CONTENT_TYPE"] = ""  # as under the origin's own ASGI server; wsgiref would say text/plain
        return environ


def make_tables():
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        for model in (Group, Membership, Message):
            editor.create_model(model)


def end_with_the_test():
    sys.stdin.read()
    os._exit(0)


make_tables()
server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
server.set_app(get_wsgi_application())
threading.Thread(target=end_with_the_test, daemon=True).start()
partial = folder / "address.partial"
partial.write_text(f"127.0.0.1:{server.server_address[1]}")
partial.rename(folder / "address")
server.serve_forever()
